"""Requisites: what a page needs to be shown, read from its markup and its style sheets. Pure: text in, needs out.

`needs_of_page` reads HTML and SVG, `needs_of_sheet` CSS. Attributes in which scripts keep the addresses of pictures that they load
later are a list in data/lazy.toml. What is read is hostile: everything is bounded, and what is beyond a bound is counted.
"""

from citekeeper.requisites.found import Needs
from citekeeper.requisites.markup import needs_of_page
from citekeeper.requisites.sheets import needs_of_sheet

__all__ = ["Needs", "needs_of_page", "needs_of_sheet"]
