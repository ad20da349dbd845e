"""Write `coach/models/first-names.txt`: first names that are hardly ever another's, a line of men's and a line of women's.

Taken from the lists of Faker (MIT licence in coach/models/FAKER-LICENSE), development only: needs `faker`, and Coach itself. A name that stands
in a list of each is left out, and so is the Kenyan list, which has women's names among the men's. What we know besides stands
in `tools/first-names-known.txt` and goes before Faker's: men's names, women's names, and names of either.

Usage: python tools/export_first_names.py
"""

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import faker.providers.person as lists

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from coach.language import is_word  # noqa: E402
from coach.situation import without_accents  # noqa: E402

KNOWN = ROOT / "tools" / "first-names-known.txt"
OUT = ROOT / "coach" / "models" / "first-names.txt"
LEFT_OUT = ("en_KE",)
LATIN_ENDS = 0x250


def listed(sex: str) -> set[str]:
    """The first names of one sex in all lists, in Latin letters."""
    found: set[str] = set()
    for module in iter_modules(lists.__path__):
        if module.name not in LEFT_OUT:
            provider = import_module(f"{lists.__name__}.{module.name}").Provider
            found |= {name for name in getattr(provider, f"first_names_{sex}", ()) or () if isinstance(name, str)}
    names = {
        without_accents(name.lower())
        for name in found
        if len(name) > 1 and all(ord(letter) < LATIN_ENDS for letter in name)
    }
    names = {name for name in names if name.replace("-", "").isalpha()}
    return {name for name in names if not is_word(name)}  # "Green 2" is a class, and nobody


def main() -> None:
    known = [set(without_accents(line).split()) for line in KNOWN.read_text("utf-8").splitlines()]
    men, women = listed("male"), listed("female")
    known_his, known_hers, either = known
    his = ((men - women) | known_his) - known_hers - either
    hers = ((women - men) | known_hers) - known_his - either
    OUT.write_text("".join(" ".join(sorted(names)) + "\n" for names in (his, hers)), "utf-8")
    print(f"{len(his):,} men's and {len(hers):,} women's names, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
