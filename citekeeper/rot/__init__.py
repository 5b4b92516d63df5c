"""How the references of an institution rot: by outlet, country and age, and how long pages live.

Pure: findings with their dates go in, a `Rot` comes out. May import model, surt and domains. A new way to group references is a
function in counting.py and a field of `Rot`.
"""

from citekeeper.rot.counting import Audited, Cited, summarise
from citekeeper.rot.places import NOT_TOLD, country_of, outlet_of

__all__ = ["NOT_TOLD", "Audited", "Cited", "country_of", "outlet_of", "summarise"]
