"""Les pages qui ne sont pas des documents d'une mission : la fiche de contrôle d'un document venu
du dehors, le sommaire et la preuve d'un dossier, le tableau de bord. Chacune est une classe de
document, faite comme les autres.
"""
