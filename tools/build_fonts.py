"""Build the fonts our charts are set in: subsets of Noto under our own family names.

The sources come from two packages, fetched by name and unpacked side by side:

    pip download --no-deps fontpkg-noto-sans manimgx-fonts-cjk
    pip download --no-deps fontpkg-noto-sans-{arabic,devanagari,thai}
    unzip -d SOURCES each of the five wheels
    make fonts SOURCES=SOURCES

matplotlib reads only the default instance of a variable font, and that is Thin in
Noto Sans CJK: so every weight becomes a static file. The families are renamed, so
that a system's own Noto never takes their place and the reserved name "Source"
stays untouched. The same sources and the same fontTools give the same bytes.

A further script is one more row of `FAMILIES`.
"""

import argparse
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, product
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

OUTPUT = Path(__file__).resolve().parent.parent / "composer" / "charts" / "fonts"

COPYRIGHT, FAMILY, STYLE, UNIQUE_ID, FULL_NAME, VERSION, POSTSCRIPT_NAME = range(7)
LICENCE, LICENCE_URL = 13, 14

# Bits of OS/2.fsSelection and head.macStyle that say how heavy a font is.
FS_BOLD, FS_REGULAR, MAC_BOLD = 1 << 5, 1 << 6, 1 << 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """One static weight of a family."""

    style: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One row of the build: what is cut out of which source, and what it is called.

    `features` are the layout rules to keep: each one keeps every glyph it can lead to.
    `face` is the number of the font inside a collection (`.ttc`), else 0; `axes` are
    the values of the axes other than weight; `suffix` names the outlines inside.
    """

    name: str
    source: str
    licence: str
    characters: frozenset[int]
    features: tuple[str, ...]
    suffix: str
    face: int = 0
    axes: tuple[tuple[str, float], ...] = ()


def _blocks(*ranges: tuple[int, int]) -> Iterator[int]:
    return chain.from_iterable(range(first, last + 1) for first, last in ranges)


def _rows_of(charset: str, *rows: tuple[int, int]) -> Iterator[int]:
    """Yield the characters in some rows of a 94 x 94 national set, as its codec has them."""
    for row in _blocks(*rows):
        for cell in range(1, 95):
            character = bytes((0xA0 + row, 0xA0 + cell)).decode(charset, "ignore")
            yield from map(ord, character)


def _double_bytes(charset: str, leads: range, trails: Iterable[int]) -> Iterator[int]:
    """Yield the characters of a double-byte charset, as its codec has them."""
    for lead, trail in product(leads, tuple(trails)):
        yield from map(ord, bytes((lead, trail)).decode(charset, "ignore"))


LATIN_GREEK_CYRILLIC_VIETNAMESE = frozenset(
    _blocks(
        (0x0020, 0x007E),
        (0x00A0, 0x024F),
        (0x02B0, 0x052F),
        (0x1E00, 0x1EFF),
        (0x2000, 0x206F),  # punctuation and direction marks
        (0x2070, 0x20CF),  # raised digits, currency signs
        (0x2100, 0x215F),
        (0x2212, 0x2212),  # minus
    )
)

# Joiners too: they belong to the words around them, and a run of text has one font.
ARABIC = frozenset(_blocks((0x0600, 0x06FF), (0x0750, 0x077F), (0x200C, 0x200F), (0x2010, 0x2011)))
DEVANAGARI = frozenset(
    _blocks((0x0900, 0x097F), (0x1CD0, 0x1CFF), (0x200C, 0x200D), (0x25CC, 0x25CC))
)
THAI = frozenset(_blocks((0x0E00, 0x0E7F), (0x200C, 0x200D), (0x25CC, 0x25CC)))

CJK_PUNCTUATION = frozenset(_blocks((0x3000, 0x303F), (0xFF00, 0xFFEF)))

# Rows 1, 3-5: punctuation, full-width forms, kana. Rows 16-87: the 6,763 Han.
GB2312 = CJK_PUNCTUATION.union(_rows_of("gb2312", (1, 1), (3, 5), (16, 87)))

# Level 1: the 5,401 Han of everyday use. Level 2 is rare names and old words.
BIG5 = CJK_PUNCTUATION.union(
    _double_bytes("big5", range(0xA1, 0xA4), chain(range(0x40, 0x7F), range(0xA1, 0xFF))),
    _double_bytes("big5", range(0xA4, 0xC7), chain(range(0x40, 0x7F), range(0xA1, 0xFF))),
)

# Level 1 of JIS X 0208 is 2,965 Han, the everyday ones of 1978; the rest of those taught
# since 2010, and what news of markets writes beyond them, stand below.
JIS = CJK_PUNCTUATION.union(
    _rows_of("euc_jp", (1, 1), (4, 5), (16, 47)),
    map(
        ord,
        "挨曖宛嵐畏萎椅彙茨咽淫唄鬱怨媛艶旺岡臆俺苛牙瓦楷潰諧崖蓋骸柿顎葛釜鎌韓玩伎亀毀畿臼嗅巾僅錦惧串窟"
        "熊詣憬稽隙桁拳鍵舷股虎錮勾梗喉乞傲駒頃痕沙挫采塞埼柵刹拶斬恣摯餌鹿嫉腫呪袖羞蹴憧拭尻芯腎須裾凄醒"
        "脊戚煎羨腺詮箋膳狙遡曽爽痩踪捉遜汰唾堆戴誰旦綻緻酎貼嘲捗椎爪鶴諦溺塡妬賭藤瞳栃頓貪丼那奈梨謎鍋匂虹"
        "捻罵剝箸氾汎阪斑眉膝肘阜訃蔽餅璧蔑哺蜂貌頰睦勃昧枕蜜冥麺冶弥闇喩湧妖瘍沃拉辣藍璃慄侶瞭瑠呂賂弄籠麓脇"
        "乖逼瀕拮躊躇膠嵌壺狼炙刮髄坩堝梃梯剥填叱賑煽憑攪攫屏晒槌泄躁趨彷徨凌駕牽綺邁鑑",
    ),
)

# The 2,350 syllables of KS X 1001, which today's Korean is written with.
KS_X_1001 = CJK_PUNCTUATION.union(
    _rows_of("euc_kr", (1, 1), (16, 40)), _blocks((0x1100, 0x1112), (0x3131, 0x318E))
)

WEIGHTS = (Weight(style="Regular", value=400), Weight(style="Bold", value=700))

_ARABIC_FEATURES = (
    *("ccmp", "locl", "isol", "init", "medi", "fina", "rlig", "calt", "liga"),
    *("curs", "kern", "mark", "mkmk"),
)
_INDIC_FEATURES = (
    *("ccmp", "locl", "nukt", "akhn", "rphf", "rkrf", "blwf", "half", "vatu", "cjct"),
    *("pres", "abvs", "blws", "psts", "haln", "calt", "kern", "dist", "abvm", "blwm"),
    *("mark", "mkmk"),
)


def _noto(script: str, characters: frozenset[int], features: tuple[str, ...]) -> Family:
    package = f"fontpkg_noto_sans_{script.lower()}"
    return Family(
        name=f"Squaredesk Sans {script}",
        source=f"{package}/files/NotoSans{script}[[]wdth,wght].ttf",
        licence=f"{package}/LICENSE",
        characters=characters,
        features=features,
        suffix=".ttf",
        axes=(("wdth", 100),),
    )


def _noto_cjk(region: str, characters: frozenset[int], *, face: int) -> Family:
    return Family(
        name=f"Squaredesk Sans {region}",
        source="manimgx_fonts_cjk/NotoSansCJK-VF.otf.ttc",
        licence="manimgx_fonts_cjk-*.dist-info/licenses/LICENSE",
        characters=characters,
        # No locl: the face is its region's already, and the other regions' forms double the file.
        features=("kern", "mark", "mkmk"),
        suffix=".otf",
        face=face,
    )


FAMILIES = (
    Family(
        name="Squaredesk Sans",
        source="fontpkg_noto_sans/files/NotoSans[[]wdth,wght].ttf",
        licence="fontpkg_noto_sans/LICENSE",
        characters=LATIN_GREEK_CYRILLIC_VIETNAMESE,
        features=("ccmp", "kern", "locl", "mark", "mkmk"),
        suffix=".ttf",
        axes=(("wdth", 100),),
    ),
    _noto("Arabic", ARABIC, _ARABIC_FEATURES),
    _noto("Devanagari", DEVANAGARI, _INDIC_FEATURES),
    _noto("Thai", THAI, ("ccmp", "kern", "liga", "locl", "mark", "mkmk")),
    _noto_cjk("JP", JIS, face=0),
    _noto_cjk("KR", KS_X_1001, face=1),
    _noto_cjk("SC", GB2312, face=2),
    _noto_cjk("TC", BIG5, face=3),
)


def _find(sources: Path, pattern: str) -> Path:
    match sorted(sources.glob(pattern)):
        case [path]:
            return path
        case found:
            msg = f"expected one file like {pattern} under {sources}, found {len(found)}"
            raise SystemExit(msg)


def subset(family: Family, sources: Path) -> bytes:
    """Return the variable font cut down to the family's characters."""
    options = Options(
        name_IDs=[COPYRIGHT, VERSION, LICENCE, LICENCE_URL],
        recalc_timestamp=False,
        # Charts are set in rows, never in columns.
        drop_tables=["DSIG", "VORG", "VVAR", "vhea", "vmtx"],
        hinting=False,
        notdef_outline=True,
        layout_features=list(family.features),
    )
    font = TTFont(_find(sources, family.source), fontNumber=family.face, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=family.characters)
    subsetter.subset(font)
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def instantiate(family: Family, variable: bytes, weight: Weight) -> TTFont:
    """Return the static font of one weight under our own name."""
    # The instancer fails on a CFF2 font that was subset in memory; on a saved one it works.
    font = TTFont(BytesIO(variable), recalcTimestamp=False)
    font = instantiateVariableFont(font, {**dict(family.axes), "wght": weight.value}, inplace=True)
    _rename(font, family, weight)
    return font


def _rename(font: TTFont, family: Family, weight: Weight) -> None:
    """Say name and weight wherever a font manager may look for them."""
    name = font["name"]
    postscript_name = f"{family.name.replace(' ', '')}-{weight.style}"
    for name_id, value in (
        (FAMILY, family.name),
        (STYLE, weight.style),
        (UNIQUE_ID, postscript_name),
        (FULL_NAME, f"{family.name} {weight.style}"),
        (POSTSCRIPT_NAME, postscript_name),
    ):
        name.setName(value, name_id, 3, 1, 0x409)
    heavy = weight.style == "Bold"
    font["OS/2"].usWeightClass = weight.value
    font["OS/2"].fsSelection &= ~(FS_BOLD | FS_REGULAR)
    font["OS/2"].fsSelection |= FS_BOLD if heavy else FS_REGULAR
    font["head"].macStyle = MAC_BOLD if heavy else 0


def licence_text(families: Iterable[Family], sources: Path) -> str:
    """Return the copyright lines of all sources, each once, above the licence they share."""
    texts = [_find(sources, family.licence).read_text(encoding="utf-8-sig") for family in families]
    notices = dict.fromkeys(
        line.strip()
        for text in texts
        for line in text.splitlines()
        if re.match(r"Copyright \d", line)
    )
    licence = texts[0][texts[0].index("This Font Software is licensed") :]
    lines = [*notices, "", *(line.rstrip() for line in licence.splitlines())]
    return "\n".join(lines).rstrip() + "\n"


def build(sources: Path, output: Path) -> None:
    """Write every family in every weight, and their licence, into `output`."""
    for family in FAMILIES:
        variable = subset(family, sources)
        for weight in WEIGHTS:
            path = output / f"{family.name.replace(' ', '')}-{weight.style}{family.suffix}"
            instantiate(family, variable, weight).save(path)
            print(f"{path.name}: {path.stat().st_size:,} bytes")
    (output / "OFL.txt").write_text(licence_text(FAMILIES, sources), encoding="utf-8")


def main() -> None:
    """Read the folder of the unpacked sources from the command line and build."""
    parser = argparse.ArgumentParser(description="Build the fonts our charts are set in.")
    parser.add_argument("sources", type=Path, help="folder with the unpacked source packages")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="folder to write into")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    build(arguments.sources, arguments.output)


if __name__ == "__main__":
    main()
