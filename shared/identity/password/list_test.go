package password

import "testing"

func TestTheListIsComplete(t *testing.T) {
	count, highest := 0, map[uint16]int{}
	for word, rank := range ranks() {
		count++
		if rank <= 2 {
			highest[rank]++
		}
		if len(word) < shortestWord || word != string(lowered([]rune(word))) {
			t.Errorf("%q is not a lower-case word", word)
		}
	}
	if count != 60_000 || highest[1] != 5 || highest[2] != 5 {
		t.Errorf("%d words, of which %d stand first in a list", count, highest[1])
	}
	for word, rank := range map[string]uint16{"password": 1, "you": 1, "james": 1, "mary": 1, "smith": 1, "123456": 2} {
		if ranks()[word] != rank {
			t.Errorf("%s has rank %d, want %d", word, ranks()[word], rank)
		}
	}
}

// BenchmarkFirstUse measures decompressing the lists for the first password.
func BenchmarkFirstUse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		unpack()
	}
}

func BenchmarkGuesses(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Guesses("Seven-Quiet_Lighthouses 42 & 1|7", "anna.smith@example.com", "Anna", "Smith", "tenantry")
	}
}
