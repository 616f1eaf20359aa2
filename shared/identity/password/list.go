package password

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the lists
	"io"
	"strings"
	"sync"
)

// words and textSize are how many words the list has, and how many bytes it takes unpacked.
const words, textSize = 60_000, 488_925

// packed holds what people choose, each list by falling frequency and followed by an empty line:
// 7,141 passwords, 30,804 English words, 999 names of men, 3,728 names of women, 17,328 family
// names; all in small letters.
//
// The file was made once from the lists in github.com/nbutton23/zxcvbn-go
// v0.0.0-20210217022336-fa2cb2858354 (Passwords, English, MaleNames, FemaleNames and Surnames.json
// in data/data): a word in several lists stays where it stands highest, letters alone go and words
// that are found sooner by trying all digits of their length, the family names end where 60,000
// words are reached; then gzip -9. Their copyright notice is in the file NOTICE.
//
//go:embed words.txt.gz
var packed []byte

// ranks are the places of the words in their lists, from 1. They are unpacked when the first
// password is judged: few functions judge any.
var ranks = sync.OnceValue(unpack)

func unpack() map[string]uint16 {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic("password: the list of words is damaged: " + err.Error()) // it is part of the program
	}
	var text strings.Builder
	text.Grow(textSize)
	if _, err := io.Copy(&text, reader); err != nil { //nolint:gosec // it is our own file
		panic("password: the list of words is damaged: " + err.Error())
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
