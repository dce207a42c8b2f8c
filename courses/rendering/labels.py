"""The few words that the renderer itself adds to a page, in the course's language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Labels:
    """Words for callouts, regions and notes; `{}` takes a number or a name."""

    note: str = "Note"
    tip: str = "Tip"
    important: str = "Important"
    warning: str = "Warning"
    caution: str = "Caution"
    table: str = "Table"
    code: str = "Code"
    notes: str = "Notes and references"
    back: str = "Back to the text, note {}"
    done: str = "Done"
    open: str = "To do"
    captions: str = "Captions"
    media: str = "Open the recording"


_LABELS = {
    "en": Labels(),
    "de": Labels(
        "Hinweis", "Tipp", "Wichtig", "Warnung", "Vorsicht", "Tabelle", "Code", "Anmerkungen und Quellen",
        "Zurück zum Text, Anmerkung {}", "Erledigt", "Offen", "Untertitel", "Aufnahme öffnen",
    ),
    "es": Labels(
        "Nota", "Consejo", "Importante", "Advertencia", "Precaución", "Tabla", "Código", "Notas y referencias",
        "Volver al texto, nota {}", "Hecho", "Pendiente", "Subtítulos", "Abrir la grabación",
    ),
    "fr": Labels(
        "Remarque", "Conseil", "Important", "Avertissement", "Attention", "Tableau", "Code", "Notes et références",
        "Retour au texte, note {}", "Fait", "À faire", "Sous-titres", "Ouvrir l’enregistrement",
    ),
}  # fmt: skip


def labels_for(language: str) -> Labels:
    """Return the labels of a BCP 47 language tag; English where the language is not known."""
    return _LABELS.get(language.split("-")[0].lower(), _LABELS["en"])
