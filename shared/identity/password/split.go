package password

// cheapest is the fewest guesses with which the pieces make the whole: the least product. That
// somebody who guesses has to find the order of the pieces too (Wheeler, section 4: n! for n
// pieces) does not count here, so that three or four of the commonest words are no good password.
//
// Parts that begin late come first, and of these the short ones: when a part is looked at, all
// parts within it are known, and with them the units of which it may be a repetition.
func cheapest(raw []rune, found pieces) float64 {
	length := len(raw)
	if length == 0 {
		return 1
	}
	whole := newPieces(length)
	repeats := newRepeats(raw)
	for from := length - 1; from >= 0; from-- {
		for to := from + 1; to <= length; to++ {
			repeats.add(from, to, whole, found)
			whole.add(from, to, found[from][to])
			for middle := from + 1; middle < to; middle++ {
				whole.add(from, to, found[from][middle]*whole[middle][to])
			}
		}
	}
	return whole[0][length]
}
