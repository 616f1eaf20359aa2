package demo

import (
	"strings"
	"testing"
)

func TestAPersonOfTwoPlacesIsCountedOnce(t *testing.T) {
	var out strings.Builder
	built := Estate{LogIns: []LogIn{{Email: "a@one.example"}, {Email: "b@two.example"}, {Email: "a@one.example"}}}
	if err := (Command{Out: &out}).print(built, 0); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), " 2 people ") {
		t.Error(out.String())
	}
}
