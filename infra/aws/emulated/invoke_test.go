package main

import (
	"strings"
	"testing"
)

func TestAFunctionWithoutAnEventIsNamed(t *testing.T) {
	if _, err := (invocation{function: "cases.none"}).readEvent(); err == nil ||
		!strings.Contains(err.Error(), `"cases.none"`) {
		t.Error(err)
	}
	event, err := invocation{function: "cases.list"}.readEvent()
	if err != nil || !strings.Contains(string(event), `"rawPath"`) {
		t.Errorf("%s, %v", event, err)
	}
	if event, err := (invocation{}).readEvent(); event != nil || err != nil {
		t.Errorf("%s, %v", event, err)
	}
}

func TestTheBodyOfAnAnswerIsShownAsADocument(t *testing.T) {
	for answer, want := range map[string]string{
		`{"body":"{\"limit\":100}","statusCode":200}`: "{\n  \"body\": {\n    \"limit\": 100\n  },\n  " +
			"\"statusCode\": 200\n}",
		`{"body":"<html>"}`: "{\n  \"body\": \"<html>\"\n}",
		`null`:              "null",
		`not JSON`:          "not JSON",
	} {
		if got := readable([]byte(answer)); got != want {
			t.Errorf("%s is shown as %s", answer, got)
		}
	}
}
