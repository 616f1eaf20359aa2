package tickets

import (
	"encoding/json"
	"unicode/utf8"

	"github.com/tenantry/tenantry/functions/cases"
)

// mostText is the maximum total size of a response's comments in bytes, because a response of an
// AWS function is limited to 6 MB.
const mostText = 4 << 20

// cutMark is appended to a truncated text.
const cutMark = " […]"

// fitting truncates the longest comments so that all fit into one response and none is left out.
func fitting(comments []cases.Comment) []cases.Comment {
	sizes, total := make([]int, len(comments)), 0
	for i, comment := range comments {
		sizes[i] = encodedSize(comment.Comment)
		total += sizes[i]
	}
	if total <= mostText {
		return comments
	}
	longest := level(sizes, mostText)
	for i, comment := range comments {
		if sizes[i] > longest {
			// A letter that takes more bytes in JSON than in memory takes the same share of both.
			keep := len(comment.Comment) * longest / sizes[i]
			for keep > 0 && !utf8.RuneStart(comment.Comment[keep]) {
				keep--
			}
			comments[i].Comment, comments[i].Trimmed = comment.Comment[:keep]+cutMark, true
		}
	}
	return comments
}

func encodedSize(text string) int {
	encoded, err := json.Marshal(text)
	if err != nil {
		return 0 // a string can always be marshaled
	}
	return len(encoded)
}

// level returns the maximum length to which the sizes can be limited so that their sum is at most
// total.
func level(sizes []int, total int) int {
	low, high := 0, total
	for low < high {
		middle := (low + high + 1) / 2
		sum := 0
		for _, size := range sizes {
			sum += min(size, middle)
		}
		if sum <= total {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low
}
