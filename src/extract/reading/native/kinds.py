"""Numbers that stand for kinds of things: of tokens, of steps of a path, of reasons why the eye does not see something.

Here, apart from the modules that are compiled, since each of those makes C numbers of its own of them.
"""

END, NUMBER, OBJECT, OPERATOR = 0, 1, 2, 3  # what a token of a content stream is
MOVE, LINE, CURVE, CLOSE = 0, 1, 2, 3  # how a path comes to a point
SEEN, CLIPPED, INVISIBLE, LAYER, OF_COLOUR, COVERED, WATERMARK, CUT = 0, 1, 2, 3, 4, 5, 6, 7
REASONS = ("", "clipped", "invisible", "layer", "colour", "covered", "watermark", "cut")  # by number
NO_TEXT = 0xFFFD  # the code point of a sign whose text is not known
STRAIGHT = 0.0005  # of its length: a line that rises less needs no turning
