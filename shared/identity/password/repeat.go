package password

// repeats finds what is one unit several times, such as "abcabcabc", in capitals or not.
type repeats struct {
	raw, lower []rune
	// equal is how many characters from the first place on are the same as those from the second
	// place on.
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

// add notes what a part takes if it is a repetition: the guesses for the unit, which are known
// already, for each number of times.
func (r repeats) add(from, to int, whole, found pieces) {
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
		found.add(from, to, guesses)
	}
}
