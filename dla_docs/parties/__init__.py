"""Les parties que plusieurs documents composent : acteurs, plan, objectifs, étapes, ingénierie
collective.
"""
