package desk

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// policyForm is a service level as it is typed.
type policyForm struct {
	name, zone string
	always     bool
	// hours are those of each day of the week, as in "09:00-12:00, 13:00-17:30".
	hours    map[string]string
	holidays string
	targets  [servicelevel.Severities]typedTargets
}

// typedTargets are the targets of a severity.
type typedTargets struct{ firstAnswer, solution typedTarget }

// typedTarget is a promised time, as in "4h", and when to warn, as in "75%" or "30m".
type typedTarget struct{ time, warning string }

// weekday is a day of the week: the name of its field, and its hours.
type weekday struct {
	name  string
	hours *[]servicelevel.Interval
}

// weekdays are the days of a week in the order of the form.
func weekdays(week *servicelevel.Week) []weekday {
	return []weekday{
		{"monday", &week.Monday}, {"tuesday", &week.Tuesday}, {"wednesday", &week.Wednesday},
		{"thursday", &week.Thursday}, {"friday", &week.Friday}, {"saturday", &week.Saturday}, {"sunday", &week.Sunday},
	}
}

// newPolicyForm proposes a service level: office hours and no targets.
func newPolicyForm(zone *time.Location) policyForm {
	form := policyForm{name: "Standard", zone: zone.String(), hours: map[string]string{}}
	for _, day := range weekdays(&servicelevel.Week{})[:5] {
		form.hours[day.name] = "09:00-17:00"
	}
	return form
}

func policyFormOf(policy servicelevel.Policy) policyForm {
	form := policyForm{
		name: policy.Name, zone: policy.Calendar.TimeZone, always: policy.Calendar.Always, hours: map[string]string{},
	}
	for _, day := range weekdays(&policy.Calendar.Hours) {
		form.hours[day.name] = hoursInWords(*day.hours)
	}
	form.holidays = strings.Join(holidaysInWords(policy.Calendar.Holidays), "\n")
	for i, targets := range policy.Targets {
		form.targets[i] = typedTargets{targetInWords(targets.FirstAnswer), targetInWords(targets.Solution)}
	}
	return form
}

// holidaysInWords returns the holidays as they are typed, one per line.
func holidaysInWords(holidays []servicelevel.Holiday) []string {
	lines := make([]string, len(holidays))
	for i, holiday := range holidays {
		lines[i] = strings.TrimSpace(holiday.Date + " " + holiday.Name)
	}
	return lines
}

func hoursInWords(intervals []servicelevel.Interval) string {
	parts := make([]string, len(intervals))
	for i, interval := range intervals {
		parts[i] = interval.Start + "-" + interval.End
	}
	return strings.Join(parts, ", ")
}

func targetInWords(target servicelevel.Target) typedTarget {
	words := typedTarget{time: lengthInWords(target.Minutes), warning: lengthInWords(target.WarnMinutesBefore)}
	if target.WarnAtPercent > 0 {
		words.warning = fmt.Sprintf("%d%%", target.WarnAtPercent)
	}
	return words
}

// lengthInWords returns a length as it is typed, as in "1h 30m"; "" for 0.
func lengthInWords(minutes int) string {
	switch {
	case minutes == 0:
		return ""
	case minutes < 60:
		return fmt.Sprintf("%dm", minutes)
	case minutes%60 == 0:
		return fmt.Sprintf("%dh", minutes/60)
	}
	return fmt.Sprintf("%dh %dm", minutes/60, minutes%60)
}

// firstAnswerField and solutionField are the names of the fields of a severity's targets, and
// warningOf the name of the field with the warning before one.
func firstAnswerField(severity int) string { return fmt.Sprintf("first_answer_%d", severity) }
func solutionField(severity int) string    { return fmt.Sprintf("solution_%d", severity) }
func warningOf(field string) string        { return field + "_warning" }

// typedPolicy reads the form.
func typedPolicy(v *kit.Visit) policyForm {
	form := policyForm{
		name: v.Line("name"), zone: v.Line("time_zone"), always: v.Line("when") == "always",
		holidays: v.Text("holidays"), hours: map[string]string{},
	}
	for _, day := range weekdays(&servicelevel.Week{}) {
		form.hours[day.name] = v.Line(day.name)
	}
	for i := range form.targets {
		target := func(field string) typedTarget { return typedTarget{v.Line(field), v.Line(warningOf(field))} }
		form.targets[i] = typedTargets{target(firstAnswerField(i + 1)), target(solutionField(i + 1))}
	}
	return form
}

// policy returns the service level that the form describes, and a fault for what cannot be read. What
// it says is checked by the rule.
func (f policyForm) policy() (servicelevel.Policy, error) {
	policy := servicelevel.Policy{
		Name: f.name, Calendar: servicelevel.Calendar{TimeZone: f.zone, Always: f.always},
	}
	if !f.always { // around the clock, hours and holidays do not count
		for _, day := range weekdays(&policy.Calendar.Hours) {
			hours, err := readHours(day.name, f.hours[day.name])
			if err != nil {
				return servicelevel.Policy{}, err
			}
			*day.hours = hours
		}
		policy.Calendar.Holidays = readHolidays(f.holidays)
	}
	for i, typed := range f.targets {
		var err error
		if policy.Targets[i].FirstAnswer, err = typed.firstAnswer.read(firstAnswerField(i + 1)); err != nil {
			return servicelevel.Policy{}, err
		}
		if policy.Targets[i].Solution, err = typed.solution.read(solutionField(i + 1)); err != nil {
			return servicelevel.Policy{}, err
		}
	}
	return policy, nil
}

func readHours(day, text string) ([]servicelevel.Interval, error) {
	var hours []servicelevel.Interval
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "–", "-"), ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		start, end, both := strings.Cut(part, "-")
		if !both {
			return nil, fault.InField(day, "must have hours as in 09:00-12:00, 13:00-17:30, or nothing if nobody works")
		}
		hours = append(hours, servicelevel.Interval{Start: clockTime(start), End: clockTime(end)})
	}
	return hours, nil
}

// clockTime adds the zero that people leave out of "9:00".
func clockTime(text string) string {
	if text = strings.TrimSpace(text); len(text) == len("9:00") && text[1] == ':' {
		return "0" + text
	}
	return text
}

// readHolidays reads a day and its name from each line.
func readHolidays(text string) []servicelevel.Holiday {
	var holidays []servicelevel.Holiday
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		date, name, _ := strings.Cut(line, " ")
		holidays = append(holidays, servicelevel.Holiday{Date: date, Name: strings.TrimSpace(name)})
	}
	return holidays
}

func (t typedTarget) read(field string) (servicelevel.Target, error) {
	var target servicelevel.Target
	var ok bool
	if target.Minutes, ok = readLength(t.time); !ok {
		return target, fault.InField(field, "must be a time as in 30m, 4h or 1h 30m, or nothing to promise nothing")
	}
	if percent, is := strings.CutSuffix(t.warning, "%"); is {
		target.WarnAtPercent = number(strings.TrimSpace(percent))
		return target, nil
	}
	if target.WarnMinutesBefore, ok = readLength(t.warning); !ok {
		return target, fault.InField(warningOf(field), "must be a share as in 75%%, a time as in 30m, or nothing")
	}
	return target, nil
}

// lengthPattern matches a length in hours and minutes.
var lengthPattern = regexp.MustCompile(`^(?:(\d{1,5}) ?h)? ?(?:(\d{1,6}) ?m?)?$`)

// readLength reads a length in minutes. A bare number is minutes; nothing is 0.
func readLength(text string) (minutes int, ok bool) {
	parts := lengthPattern.FindStringSubmatch(text)
	if parts == nil {
		return 0, false
	}
	if parts[1] != "" {
		minutes += 60 * number(parts[1])
	}
	if parts[2] != "" {
		minutes += number(parts[2])
	}
	return minutes, true
}

// targetPath matches the path of a target within a policy.
var targetPath = regexp.MustCompile(`^targets\[(\d)\]\.(first_answer|solution)\.(minutes|warn_)`)

// inForm returns a fault about a field of a policy as one about the field of the form that it was
// typed into.
func inForm(err error) error {
	problem, ok := errors.AsType[*fault.Error](err)
	if !ok || len(problem.Fields) != 1 {
		return err
	}
	name := strings.TrimPrefix(problem.Fields[0].Name, "calendar.")
	if parts := targetPath.FindStringSubmatch(name); parts != nil {
		name = fmt.Sprintf("%s_%d", parts[2], number(parts[1])+1)
		if parts[3] == "warn_" {
			name = warningOf(name)
		}
	} else if name != "hours" {
		name, _, _ = strings.Cut(strings.TrimPrefix(name, "hours."), "[")
	}
	return fault.InField(name, "%s", problem.Fields[0].Message)
}
