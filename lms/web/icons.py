"""The icon set: drawings on a 24-unit grid, written into the page as inline SVG.

Icons are part of the page and not files, so that they take the colour of the text, need no request and pass
the strict content policy. The room knows drawings and markup only; it may not know pages, requests or people.
"""

from __future__ import annotations

from markupsafe import Markup, escape

_CIRCLE = "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z"
_DOCUMENT = "M6 3.5h8l4 4v13H6zM14 3.5v4h4"

# Each value is the `d` of one path: stroke 1.75, no fill, round ends. Names say what is drawn or, where a
# drawing has one meaning only in this product, what it means.
PATHS: dict[str, str] = {
    "alert": "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17v.1",
    "archive": "M4 5h16v4H4zM5.5 9v10h13V9M10 13h4",
    "arrow": "M4 12h15M13 6l6 6-6 6",
    "award": "M12 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8.5 13.5L7 21l5-2.5L17 21l-1.5-7.5",
    "back": "M15 5l-7 7 7 7",
    "bell": "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
    "bolt": "M13 3L5.5 13.5H11L10.5 21 18 10.5h-5.5z",
    "book": "M12 6.5C10 5 7 4.5 3.5 4.5V18c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2V4.5C17 4.5 14 5 12 6.5zM12 6.5V20",
    "calendar": "M4.5 6h15v14h-15zM4.5 10.5h15M8.5 3.5V7M15.5 3.5V7",
    "chart": "M4 4v16h16M8.5 16v-4M13 16V8M17.5 16v-6",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "checklist": "M4 6.5l1.5 1.5L8.5 5M4 13.5l1.5 1.5 3-3M11.5 7H20M11.5 14H20M11.5 19.5H20",
    "clipboard": "M8 5H5.5v15.5h13V5H16M8.5 3.5h7v3h-7zM9 12h6M9 16h4",
    "clock": _CIRCLE + "M12 7.5V12l3 2",
    "close": "M6 6l12 12M18 6L6 18",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "document": _DOCUMENT + "M9 12h6M9 16h6",
    "down": "M12 4v15M6 13l6 6 6-6",
    "download": "M12 4v11M7 10.5l5 5 5-5M4.5 20h15",
    "edit": "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5",
    "external": "M13 4.5h6.5V11M19.5 4.5L11 13M10 6H5v13h13v-5",
    "eye": "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"
    "M12 9.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4z",
    "filter": "M4 5h16l-6 7.5V19l-4-2v-4.5z",
    "flag": "M5.5 21V4M5.5 4.5h12l-2.5 4 2.5 4h-12",
    "globe": _CIRCLE + "M3.5 12h17M12 3.5c3 2.5 4 5.5 4 8.5s-1 6-4 8.5c-3-2.5-4-5.5-4-8.5s1-6 4-8.5z",
    "grid": "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
    "help": _CIRCLE + "M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 16.5v.1",
    "home": "M4 11l8-7 8 7M6 9.5V20h4.5v-5.5h3V20H18V9.5",
    "hospital": "M5 20.5V5h14v15.5M3.5 20.5h17M12 8v5M9.5 10.5h5M10 20.5V16.5h4v4",
    "idea": "M9 18h6M10 21h4M8.5 15c-1.8-1.2-3-3-3-5.3a6.5 6.5 0 0 1 13 0c0 2.3-1.2 4.1-3 5.3z",
    "info": _CIRCLE + "M12 11v5M12 8v.1",
    "key": "M8 11.5a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4zM11 12.7L19.5 4.2M15.5 8.2l3 3M17.5 6.2l2 2",
    "link": "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1",
    "list": "M9 6h11M9 12h11M9 18h11M4.5 6h.1M4.5 12h.1M4.5 18h.1",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "mail": "M3.5 5.5h17v13h-17zM3.5 6.5L12 13l8.5-6.5",
    "minus": "M5 12h14",
    "more": "M6 12h.1M12 12h.1M18 12h.1",
    "next": "M9 5l7 7-7 7",
    "people": "M9 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM3 20c0-3.5 2.5-5.5 6-5.5s6 2 6 5.5"
    "M16 5a3.3 3.3 0 0 1 0 6.3M17.5 14.8c2.2.6 3.5 2.4 3.5 5.2",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c0-4 3-6 7.5-6s7.5 2 7.5 6",
    "play": "M7.5 4.5l11.5 7.5-11.5 7.5z",
    "plus": "M12 5v14M5 12h14",
    "print": "M7 8.5V4h10v4.5M7 17H4.5V9h15v8H17M7 14h10v6H7z",
    "refresh": "M20 11a8 8 0 0 0-14.5-3.5L4 9M4 4.5V9h4.5M4 13a8 8 0 0 0 14.5 3.5L20 15M20 19.5V15h-4.5",
    "saved": "M7 18.5a4 4 0 0 1-.5-8A5.5 5.5 0 0 1 17 9.5a4.5 4.5 0 0 1 .5 9zM9 13.5l2.3 2.3 4-4",
    "search": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM20.5 20.5L16 16",
    "sliders": "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
    "shield": "M12 3.5l7.5 2.8v5.2c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V6.3zM8.8 12l2.3 2.3 4.2-4.5",
    "sign-out": "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
    "speech": "M4 5h16v11.5h-9L6.5 20v-3.5H4z",
    "tag": "M4 4h8l8.5 8.5-7.5 7.5L4.5 11.5zM8.5 8.5h.1",
    "theme": _CIRCLE + "M12 3.5v17M12 8h7.5M12 12h8.5M12 16h7.5",
    "trash": "M4.5 6.5h15M9 6.5V4h6v2.5M6.5 6.5L7.5 20h9l1-13.5M10.5 10.5v6M13.5 10.5v6",
    "unsaved": "M7 18.5a4 4 0 0 1-.5-8A5.5 5.5 0 0 1 17 9.5a4.5 4.5 0 0 1 .5 9zM12 10v3.5M12 15.8v.1",
    "up": "M12 20V5M6 11l6-6 6 6",
    "upload": "M12 15V4M7 8.5l5-5 5 5M4.5 20h15",
}


def icon(name: str, dir: bool = False, label: str | None = None, cls: str = "") -> Markup:
    """The SVG of the icon `name`.

    `dir` marks a drawing that points somewhere and is mirrored in right-to-left pages. `label` is its spoken
    name and makes it an image; without it the icon is decoration and hidden from assistive technology.
    `cls` adds classes such as "icon--l". An unknown name raises KeyError with the names there are.
    """
    try:
        path = PATHS[name]
    except KeyError:
        raise KeyError(f"no icon {name!r}; there are: {', '.join(sorted(PATHS))}") from None
    classes = " ".join(part for part in ("icon", "icon--dir" if dir else "", cls) if part)
    if label:
        role = Markup('role="img" aria-label="{}"').format(label)
    else:
        role = Markup('aria-hidden="true"')
    return Markup('<svg class="{}" viewBox="0 0 24 24" {}><path d="{}"/></svg>').format(escape(classes), role, path)
