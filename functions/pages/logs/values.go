package logs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/change"
)

// longestValue is the maximum number of characters of a value that is shown; the API has all of it.
const longestValue = 600

// none stands for a value that is not there.
const none = "–"

// words turns the stored values of an entry into what people read.
type words struct {
	kit.Teller
	// moment formats a time in microseconds since 1970.
	moment  func(micros int64) string
	yes, no string
}

// difference is a field that a change has changed.
type difference struct{ name, before, after string }

// changes returns the fields that differ between the states before and after, in the order of their names.
func (w words) changes(entry change.Entry) []difference {
	before, after := fieldsOf(entry.Before), fieldsOf(entry.After)
	names := map[string]bool{}
	for _, fields := range []map[string]any{before, after} {
		for name := range fields {
			names[name] = true
		}
	}
	var all []difference
	for _, name := range slices.Sorted(maps.Keys(names)) {
		one := difference{kit.Word(w, name), w.value(name, before[name]), w.value(name, after[name])}
		if one.before != one.after {
			all = append(all, one)
		}
	}
	return all
}

// fieldsOf reads a state; nil for one that has no fields.
func fieldsOf(state json.RawMessage) map[string]any {
	var fields map[string]any
	decoder := json.NewDecoder(bytes.NewReader(state))
	decoder.UseNumber() // a time in microseconds is longer than a float is exact when printed
	if decoder.Decode(&fields) != nil {
		return nil
	}
	return fields
}

// value returns the value of a field in words.
func (w words) value(name string, v any) string {
	text := []rune(w.whole(name, v))
	if len(text) > longestValue {
		return string(text[:longestValue-1]) + "…"
	}
	return string(text)
}

func (w words) whole(name string, v any) string {
	switch v := v.(type) {
	case nil:
		return none
	case bool:
		if v {
			return w.yes
		}
		return w.no
	case json.Number:
		return w.number(name, v)
	case string:
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			return w.moment(at.UnixMicro())
		}
		if v == "" {
			return none
		}
		return v
	case []any:
		parts := make([]string, len(v))
		for i, one := range v {
			parts[i] = w.whole(name, one)
		}
		return orNone(strings.Join(parts, ", "))
	case map[string]any:
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, kit.Word(w, key)+": "+w.whole(key, v[key]))
		}
		return orNone(strings.Join(parts, "; "))
	}
	return fmt.Sprint(v)
}

func orNone(text string) string {
	if text == "" {
		return none
	}
	return text
}

// number returns a number in words: a time, a size, or the number itself. Times are stored in seconds or
// microseconds since 1970, under names that say that they are times.
func (w words) number(name string, number json.Number) string {
	value, err := strconv.ParseInt(number.String(), 10, 64)
	if err != nil {
		return number.String()
	}
	const firstSecond, firstMicro, lastMicro = 100_000_000, 100_000_000_000_000, 100_000_000_000_000_000
	switch {
	case strings.Contains(name, "bytes"):
		return kit.Size(value)
	case !isTime(name):
		return number.String()
	case value == 0:
		return none
	case value >= firstMicro && value < lastMicro:
		return w.moment(value)
	case value >= firstSecond && value < firstMicro/1000:
		return w.moment(value * 1_000_000)
	}
	return number.String()
}

// isTime reports whether a field is named like a time.
func isTime(name string) bool {
	switch name {
	case "at", "until", "expires", "created", "modified", "updated", "deleted", "closed", "asked", "time", "proven",
		"seen", "last_used", "solved", "opened", "start", "end", "due", "since", "changed":
		return true
	}
	return strings.HasSuffix(name, "_time") || strings.HasSuffix(name, "_at") || strings.HasSuffix(name, "_until")
}

// sides returns the changes of an entry as the two cells of a file.
func (w words) sides(entry change.Entry) (before, after string) {
	var was, is []string
	for _, one := range w.changes(entry) {
		was, is = append(was, one.name+": "+one.before), append(is, one.name+": "+one.after)
	}
	return strings.Join(was, "; "), strings.Join(is, "; ")
}
