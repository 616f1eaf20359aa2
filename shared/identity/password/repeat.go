package password

// repeats finds repetitions such as "abcabcabc", ignoring case.
type repeats struct {
	raw, lower []rune
	// equal[i][j] is the number of equal characters in the texts starting at i and j.
	equal [][]int
}

func newRepeats(raw []rune) repeats {
	r := repeats{raw: raw, lower: lowered(raw), equal: make([][]int, len(raw)+1)}
	for first := len(raw); first >= 0; first-- {
		r.equal[first] = make([]int, len(raw)+1)
		for second := len(raw) - 1; second > first; second-- {
			if r.lower[first] == r.lower[second] {
				r.equal[first][second] = 1 + r.equal[first+1][second+1]
			}
		}
	}
	return r
}

// add records the guesses for a part if it is a repetition. The guesses for the repeated unit must
// be in whole already.
func (r repeats) add(from, to int, whole, parts pieces) {
	length := to - from
	for unit := 1; unit <= length/2; unit++ {
		if length%unit != 0 || r.equal[from][from+unit] < length-unit {
			continue
		}
		guesses := whole[from][from+unit] * float64(length/unit)
		for i := from + unit; i < to; i++ {
			if r.raw[i] != r.raw[i-unit] {
				guesses *= capitals(r.raw[from:to])
				break
			}
		}
		parts.add(from, to, guesses)
	}
}
