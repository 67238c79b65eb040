"""The words of which a header may be repeated: those of the catalogue's own texts and a few that head columns anywhere.

A word that is a month or may be somebody's name is none of them, whoever uses it: `May Jones` is a child.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from catalogue.folding import plain_text

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

_HEADING = """
a about additional all amount and answer any at before below by code column comment comments count data date day
days description detail details do does duration end entry field for form from further group has have header
hours how id if in information is item kind label last length level list minutes modified month months more name
no not note notes number of on only option options or other others part period please question reason
reasons record reference remark remarks response row score section size source specify start state status team
text the time times title to total type unit updated value version was week weeks were what when where which who
why with year years yes your
"""

_NAMES = """
january february march april may june july august september october november december
jan feb mar apr jun jul aug sep sept oct nov dec
abbey abby ace ada addy al alba alma amber amity amy angel angela ann anna anne archer art ash asher aspen aston
aurora autumn bailey bea bear beau beck bell belle ben berry bertha beth bill billy birdie bishop black blair
blake blaze blessing blossom blue bo bob bonnie brad bradford brandy briar bridge brook brooke brooks brown buddy
burt butler cam carol carter cash chad chance charlotte chase chastity chelsea cherish cherry chris christian
christy chuck clarity clay clement cliff clover coco colt comfort constance cook cooper coral cox crystal daisy
dale dan dash dawn dean deb dee dell della denver destiny di diamond dick dixie dolly dom don dot drake drew duke
dusty earl earnest easter ebony ed eden elder elm ember emerald emery english ernest essence eve faith fay fern
finn fisher fleur flora florence forest forrest foster fox fran frank french gale garnet gay gene genesis gill
ginger glen glenn glory grace grant gray green grey guy hale hall happy harmony harper harry harvey haven hazel
heath heather heaven henna herb hill holland holly honest honey honor honour hope hunt hunter hyacinth ireland
iris ivory ivy jack jade james jasmine jasper jay jean jersey jet jewel jo joe joey john jones jordan josh journey
joy junior justice justus ken kerry king kit kitty knight lacy lamb lance lane lark laurel lavender law lee les
lexis liberty lily linden london long lotus louis love lucky luna lyric mabel mac magnolia major maple mara
marigold marina mark marsh marshal marshall martin mason mat matt max meadow mel melody mercedes mercy merit merry
mike miles miller mills milo mina mint miracle misty mo molly moody moon moor morgan moss nat ned nell nelson
nevada nick noble noel nova oak ocean olive opal oscar page paige paisley pansy paris parker pat patience patsy
patty paul paz peace pearl peg penny pepper perry pet petal pete peter philip phoenix pierce pip piper pope poppy
porter potter precious price prince princess queen quill rain raven ray red reed reggie rene rice rich ricky ridge
river rob robin rock rocky rod roman ron rory rose rosemary rosie rowan roy royal ruby rue rusty ruth sacha sage
sailor sally sam sandy savannah scarlet scout serene serenity sharp shay shelby shepherd shirley sierra singer
singh sky skye smith sonny sparrow spencer star starr stella sterling stone storm sue summer sunny sunshine swift
taffy tai tailor tanner tate taylor ted temperance terry tiger tim tina toby tom tony topaz tracy trinity tripp
trudy turner ty tyler una ursa val valentine van vance velvet venus vera verity vic victor victory viola
violet virginia vivian wade walker wally ward warren weaver wells west white will willow winter wise
wolf wood woods woody wren wright yasmin young zion
"""


def words_of(text: str) -> list[str]:
    """The words of a text, as they are compared."""
    return _WORD.findall(plain_text(text))


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """The words of texts that nobody's data have made, and those of headers anywhere, but no name, number or letter."""
    found = {word for text in texts for word in words_of(text) if len(word) > 1 and not re.search(r"\d", word)}
    return frozenset(found | set(_HEADING.split())) - set(_NAMES.split())
