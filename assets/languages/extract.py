"""Takes the texts that people see out of the sources and into the catalogues. Needs Babel.

python assets/languages/extract.py                    updates the .po files, counts what is missing
python assets/languages/extract.py --missing rope     prints what is missing of sources named so
python assets/languages/extract.py --merge FILE.json  puts {"English": "translation"} into them
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from zoetrope.assets.languages.source_texts import FORMATTED, all_texts

LANGUAGES = Path(__file__).resolve().parent
MOST_FILES = 3  # that are named beside a text


def update(path: Path) -> Catalog:
    """Put the texts of the sources into a catalogue; translations stay, also of texts now gone."""
    with path.open("rb") as file:
        old = read_po(file, locale=path.stem)
    new = Catalog(locale=path.stem, header_comment=old.header_comment, fuzzy=False)
    kept = {m.id: m.string for m in [*old, *old.obsolete.values()] if m.id and m.string}
    for text, source in all_texts().items():
        places = [(name, 1) for name in source.files[:MOST_FILES]]
        notes = ["formed"] if source.formed and FORMATTED.search(text) else []
        new.add(text, kept.pop(text, ""), locations=places, auto_comments=notes)
    for text, said in kept.items():
        new.obsolete[text] = new.add(text, said)
        new.delete(text)
    save(new, path)
    return new


def save(catalog: Catalog, path: Path) -> None:
    """Write a catalogue: one line a text, no dates, so that a change shows as that alone."""
    file = io.BytesIO()
    write_po(file, catalog, width=0, omit_header=False, include_lineno=False)
    text = file.getvalue().decode("utf-8")
    text = re.sub(r'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Generated-By|'
                  r'Report-Msgid-Bugs-To|Language-Team|Project-Id-Version|Plural-Forms)'
                  r'.*"\n', "", text, flags=re.M)  # fmt: skip
    text = re.sub(r"^#, python-(brace-)?format\n", "", text, flags=re.M)
    temporary = path.with_suffix(".new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)  # whole or not at all: another may be reading


def merge(path: Path, translations: dict[str, str]) -> list[str]:
    """Put translations into a catalogue; return the texts that it does not hold."""
    catalog = update(path)
    unknown = []
    for text, said in translations.items():
        message = catalog.get(text)
        if message is None:
            unknown.append(text)
        else:
            message.string = said
    save(catalog, path)
    return unknown


def main() -> int:
    """Update every catalogue and say what is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--missing", nargs="?", const="", metavar="PART")
    parser.add_argument("--merge", type=Path, metavar="FILE.json")
    given = parser.parse_args()
    for path in sorted(LANGUAGES.glob("*.po")):
        if given.merge:
            unknown = merge(path, json.loads(given.merge.read_text(encoding="utf-8")))
            for text in unknown:
                print("not in the sources:", text)
        catalog = update(path)
        missing = [m for m in catalog if m.id and not m.string]
        if given.missing is not None:
            for message in missing:
                if any(given.missing in name for name, _ in message.locations):
                    print(json.dumps(message.id, ensure_ascii=False))
        else:
            counts: dict[str, int] = {}
            for message in missing:
                name = message.locations[0][0]
                counts[name] = counts.get(name, 0) + 1
            for name, count in sorted(counts.items(), key=lambda item: -item[1]):
                print(f"{count:5} {name}")
        print(f"{path.name}: {len(missing)} of {len(catalog)} texts missing", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
