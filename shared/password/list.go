package password

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the lists
	"io"
	"strings"
	"sync"
)

// packed holds what people choose, each list by falling frequency and followed by an empty line: 7,141 passwords, 30,806 English
// words, 999 names of men, 3,728 names of women, 17,326 family names; all in small letters.
//
// The file was made once from the lists in github.com/nbutton23/zxcvbn-go v0.0.0-20210217022336-fa2cb2858354
// (Passwords, English, MaleNames, FemaleNames and Surnames.json in data/data): a word in several lists stays where it stands
// highest, a word that is found sooner by trying all digits of its length goes, the family names end where 60,000 words are
// reached; then gzip -9. Their copyright notice is in the file NOTICE.
//
//go:embed words.txt.gz
var packed []byte

// ranks are the places of the words in their lists, from 1. They are unpacked when the first password is judged: few functions judge any.
var ranks = sync.OnceValue(func() map[string]uint16 {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic("password: the list of words is damaged: " + err.Error()) // it is part of the program
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		panic("password: the list of words is damaged: " + err.Error())
	}
	ranks := make(map[string]uint16, bytes.Count(text, []byte("\n")))
	rank := uint16(0)
	for word := range strings.SplitSeq(string(text), "\n") {
		if word == "" {
			rank = 0
			continue
		}
		rank++
		ranks[word] = rank
	}
	return ranks
})
