package endpoint

import (
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
)

// Range is the input of what is asked for a time.
type Range struct {
	Start    string `query:"start" maxLength:"20" pattern:"^(|now|[0-9]{1,10}(\\.[0-9]{1,6})?|-([1-9][0-9]{0,6}s|[12][0-9]{7}s|3[0-3][0-9]{6}s|[1-9][0-9]{0,4}m|[1-4][0-9]{5}m|5[0-6][0-9]{4}m|[1-9][0-9]{0,2}h|[1-8][0-9]{3}h|9[0-5][0-9]{2}h|[1-9][0-9]?d|[123][0-9]{2}d|400d|[1-9]w|[1-4][0-9]w|5[0-7]w))$" patternDescription:"epoch seconds, now, or relative as in -1d" doc:"Epoch seconds, or relative to now: -1d, -2w, -10m; now."`
	End      string `query:"end" maxLength:"20" pattern:"^(|now|[0-9]{1,10}(\\.[0-9]{1,6})?|-([1-9][0-9]{0,6}s|[12][0-9]{7}s|3[0-3][0-9]{6}s|[1-9][0-9]{0,4}m|[1-4][0-9]{5}m|5[0-6][0-9]{4}m|[1-9][0-9]{0,2}h|[1-8][0-9]{3}h|9[0-5][0-9]{2}h|[1-9][0-9]?d|[123][0-9]{2}d|400d|[1-9]w|[1-4][0-9]w|5[0-7]w))$" patternDescription:"epoch seconds, now, or relative as in -1d" doc:"Like start; now by default."`
	Duration string `query:"duration" maxLength:"20" pattern:"^(|[1-9][0-9]{0,6}s|[12][0-9]{7}s|3[0-3][0-9]{6}s|[1-9][0-9]{0,4}m|[1-4][0-9]{5}m|5[0-6][0-9]{4}m|[1-9][0-9]{0,2}h|[1-8][0-9]{3}h|9[0-5][0-9]{2}h|[1-9][0-9]?d|[123][0-9]{2}d|400d|[1-9]w|[1-4][0-9]w|5[0-7]w)$" patternDescription:"a whole number and a unit (s, m, h, d, w), at most 400 days, as in 7d" doc:"How long before end the range begins, if no start is given: 60m, 1d (the default), 7d, 2w."`
}

// maxRange is how long a range can be.
const maxRange = 400 * 24 * time.Hour

// Window reads the time range. An end is exclusive; "now" lies a second ahead, so that what was
// just done is in it.
func (in Range) Window(now time.Time) (start, end time.Time, err error) {
	end = now.Add(time.Second)
	if in.End != "" && in.End != "now" {
		if end, err = moment("query.end", in.End, now); err != nil {
			return start, end, err
		}
	}
	if in.Start != "" {
		start, err = moment("query.start", in.Start, now)
		return start, end, err
	}
	length := 24 * time.Hour
	if in.Duration != "" {
		if length, err = duration("query.duration", in.Duration); err != nil {
			return start, end, err
		}
	}
	return end.Add(-length), end, nil
}

// moment reads a point in time: epoch seconds, "now", or "-" and a duration before now.
func moment(field, text string, now time.Time) (time.Time, error) {
	if text == "now" {
		return now, nil
	}
	if strings.HasPrefix(text, "-") {
		before, err := duration(field, text[1:])
		return now.Add(-before), err
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || !(seconds >= 0 && seconds < 1e10) { // so that NaN is refused too
		return time.Time{}, fault.InField(field, "must be epoch seconds, now, or relative as in -1d")
	}
	return time.UnixMicro(int64(seconds * 1e6)), nil
}

// duration reads a length of time: a whole number and s, m, h, d or w.
func duration(field, text string) (time.Duration, error) {
	units := map[byte]time.Duration{
		's': time.Second,
		'm': time.Minute,
		'h': time.Hour,
		'd': 24 * time.Hour,
		'w': 7 * 24 * time.Hour,
	}
	wrong := fault.InField(field, "must be a whole number and a unit (s, m, h, d, w), at most 400 days, as in 7d")
	if text == "" {
		return 0, wrong
	}
	unit, known := units[text[len(text)-1]]
	count, err := strconv.Atoi(text[:len(text)-1])
	if !known || err != nil || count < 1 || time.Duration(count) > maxRange/unit {
		return 0, wrong
	}
	return time.Duration(count) * unit, nil
}
