"""Charts drawn as SVG, and the script that draws them anew at the reader's width."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

# The page says the font once, and hides from screen readers what its table says better.
_REPEATED = re.compile(r' (?:font-family|role|class|aria-[a-z]+|xmlns:xlink|version)="[^"]*"')
_FOR_THE_PAGE = "window.vegaEmbed = vegaEmbed;"
VEGA_LITE = "6.1"
"""Version of the language that specifications are read as."""


def drawn(specification: dict[str, Any]) -> str:
    """Return a Vega-Lite specification as SVG, made in this process and without a network."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(json.dumps(specification), vl_version=VEGA_LITE)
    return _REPEATED.sub("", svg)


@cache
def script() -> str:
    """Return Vega, Vega-Lite and vega-embed as one script; once per process, it takes a second."""
    import vl_convert

    text: str = vl_convert.javascript_bundle(_FOR_THE_PAGE, vl_version=VEGA_LITE)
    # Inside a page, the end of a script ends it wherever it stands.
    return text.replace("</script", "<\\/script")
