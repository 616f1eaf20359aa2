package password

import "math"

// cheapest is the fewest guesses with which the pieces make the whole. Somebody who guesses has to try the kinds of pieces
// in each order, so that a split into n pieces takes n! times the product of what they take (Wheeler, section 4).
//
// Parts that begin late come first, and of these the short ones: when a part is looked at, all parts within it are known, and
// with them the units of which it may be a repetition.
func cheapest(raw []rune, found pieces) float64 {
	length := len(raw)
	whole := newPieces(length)
	repeats := newRepeats(raw)
	// products are the cheapest products of n pieces, by n and the parts' beginning and end.
	products := make([][][]float64, length+1)
	for from := length; from >= 0; from-- {
		products[from] = make([][]float64, length+1)
		for to := from; to <= length; to++ {
			repeats.add(from, to, whole, found)
			products[from][to] = join(from, to, found, products)
			whole[from][to] = ordered(products[from][to])
		}
	}
	return whole[0][length]
}

// join gives the cheapest products for a part, by the number of pieces.
func join(from, to int, found pieces, products [][][]float64) []float64 {
	best := make([]float64, to-from+1)
	if from == to {
		best[0] = 1
		return best
	}
	for n := range best {
		best[n] = math.Inf(1)
	}
	for middle := from + 1; middle < to; middle++ {
		first := found[from][middle]
		for n, rest := range products[middle][to] {
			best[n+1] = min(best[n+1], first*rest)
		}
	}
	best[1] = found[from][to]
	return best
}

// ordered is the cheapest of products of 0, 1, 2 and more pieces in any order.
func ordered(products []float64) float64 {
	least, orders := math.Inf(1), 1.0
	for n, product := range products {
		orders *= float64(max(n, 1))
		least = min(least, orders*product)
	}
	return least
}
