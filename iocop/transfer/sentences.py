"""Where sentences begin, and which words begin them without naming anybody. Pure."""

from __future__ import annotations

import re
from typing import Final

_ENDS: Final = ".!?…\n"
_QUIET: Final = " \t\"'“”„«»‘’(["
_NEAR: Final = 40
_LAST_WORD: Final = re.compile(r"([^\W\d_]+)\.$")
_ABBREVIATIONS = """
    al approx bzw ca cf co corp dept dipl dr eg etc fig figs gmbh ie inc ing jr ltd max min mr mrs ms mme nr no
    nos op pp prof resp sr st str tel vgl vol vs zb bspw inkl exkl evtl
"""
_SHORTENED: Final = frozenset(_ABBREVIATIONS.split())


def begins_sentence(text: str, start: int) -> bool:
    """Say whether the word at *start* begins a sentence, a line or the text; "Dr. Ash" does not begin one at Ash."""
    before = text[max(0, start - _NEAR) : start].rstrip(_QUIET)
    if not before or before[-1] in _ENDS[1:]:
        return True
    if before[-1] != ".":
        return False
    last = _LAST_WORD.search(before[-12:])
    return last is None or (len(last[1]) > 2 and last[1].lower() not in _SHORTENED)


_SENTENCE_WORDS = """
    a about above after again against all almost also although always among an and another any anybody anyone
    are as at back be because been before being below best better between both but by can cannot check could did
    do does done each either else even ever every everybody everyone everything example few first for from
    further get given good had has have having he help hello her here hi him his how however i if in indeed
    instead into is it its just keep last later least less let like look make many may maybe me might more most
    much must my never new next no nobody none nor not note nothing now of off often ok okay on once one only or
    other otherwise our out over own perhaps please put question rather read regards same second see set she
    should since so some somebody someone something sometimes soon still such sure take than thank thanks that
    the their them then there therefore these they thing third this those though through thus to too try two
    under unless until up use used using usually very via was we well were what when where whether which while
    who whose why will with within without would yes yet you your answer solution summary edit update background
    context result problem dr mr mrs ms prof
    monday tuesday wednesday thursday friday saturday sunday january february march april
    june july august september october november december english german french aber alle als am auch auf aus bei
    beim bis da damit dann das dass dem den denn der des die dies diese dieser dieses doch dort du durch ein
    eine einem einen einer eines er es etwas für gegen gibt hat ich ihr im ist ja jede jeder jetzt kann kein
    keine man mein mit nach nicht noch nun nur ob oder ohne schon sehr sein sich sie sind um und uns unter vom
    von vor wann warum wenn wer wie wir wird wo zu zum zur über alors après au aussi aux avant avec ce cela ces
    cet cette chez comme comment dans de depuis donc elle en est et il ils je la le les leur mais même ne non
    nous ou où par pas pour pourquoi quand que qui sans se si son sont sous sur un une vous y à con como cuando
    del donde el ella ellos entonces era esta este esto hay las los más muy nos para pero por porque qué sin
    sobre su también tiene una uno ya ao com dos e ele ela eles em foi isso mas na nas nem o os pela pelo quando
    sem ser seu sua uma
"""
SENTENCE_WORDS: Final = frozenset(_SENTENCE_WORDS.split())
"""Small words of the languages most written here, and the words that head a post: they name nobody."""
