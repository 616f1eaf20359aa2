package password

// cheapest returns the fewest guesses for the whole password: the smallest product of the guesses
// for a sequence of pieces. Unlike Wheeler (section 4), it does not multiply by n! for the order of
// n pieces, so that three or four very common words do not make a good password.
//
// It starts with parts that begin late, the shorter ones first: when it handles a part, it has the
// guesses for all parts within it, including the unit that the part may repeat.
func cheapest(raw []rune, parts pieces) float64 {
	length := len(raw)
	if length == 0 {
		return 1
	}
	whole := newPieces(length)
	repeats := newRepeats(raw)
	for from := length - 1; from >= 0; from-- {
		for to := from + 1; to <= length; to++ {
			repeats.add(from, to, whole, parts)
			whole.add(from, to, parts[from][to])
			for middle := from + 1; middle < to; middle++ {
				whole.add(from, to, parts[from][middle]*whole[middle][to])
			}
		}
	}
	return whole[0][length]
}
