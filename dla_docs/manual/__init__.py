"""Ce que les déclarations disent, à lire : les exigences et où elles portent, la page de chaque
document.
"""
