"""Les essais ; sur une machine lente, un exemple d'hypothesis n'échoue pas parce qu'il a pris son
temps.
"""

from hypothesis import settings

settings.register_profile("dla_docs", deadline=None)
settings.load_profile("dla_docs")
