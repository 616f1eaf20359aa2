package password

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the lists
	"io"
	"strings"
	"sync"
)

// words is the number of words in the list, and textSize its uncompressed size in bytes.
const words, textSize = 60_000, 488_925

// packed has common passwords and words. Each list is sorted by decreasing frequency and ends with
// an empty line: 7,141 passwords, 30,804 English words, 999 male names, 3,728 female names, 17,328
// family names; all in lower case.
//
// The file was generated from the lists of github.com/nbutton23/zxcvbn-go
// v0.0.0-20210217022336-fa2cb2858354 (Passwords, English, MaleNames, FemaleNames and Surnames.json
// in data/data). A word in several lists was kept only in the list where it ranks highest. Single
// letters were dropped, and so were words that a brute-force attack on as many digits guesses
// sooner. The family names were cut at 60,000 words in total, and the file was compressed with gzip
// -9. The copyright notice of the lists is in the file NOTICE.
//
//go:embed words.txt.gz
var packed []byte

// ranks maps each word to its rank in its list, from 1. The lists are decompressed on first use,
// because few functions check passwords.
var ranks = sync.OnceValue(unpack)

func unpack() map[string]uint16 {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic("password: the embedded word list is corrupt: " + err.Error())
	}
	var text strings.Builder
	text.Grow(textSize)
	if _, err := io.Copy(&text, reader); err != nil { //nolint:gosec // the file is embedded
		panic("password: the embedded word list is corrupt: " + err.Error())
	}
	ranks := make(map[string]uint16, words)
	rank := uint16(0)
	for word := range strings.SplitSeq(text.String(), "\n") {
		if word == "" {
			rank = 0
			continue
		}
		rank++
		ranks[word] = rank
	}
	return ranks
}
