package demo

import (
	"fmt"
	"slices"
	"strings"
)

// problem is what a case is about, as a conversation: the customer describes it, the agent asks,
// the customer replies, the agent solves it, the customer thanks. The note is for agents.
type problem struct {
	subject, description, question, reply, solution, thanks, note string
	kind, component, reason                                       string
	severity                                                      int
	// file is what the customer attaches: the name of a kind of file, or "".
	file string
}

// nextProblem returns a problem that the people of an organization report next, in their language
// or in English, with the names of their sites. An organization has no problem of a language twice
// before it had all.
func (b *builder) nextProblem(of *org) problem {
	own := of.plan.language
	if known := problems(own); b.opened[of.ID+own] < len(known) && b.random.IntN(3) > 0 {
		return b.report(of, own, known)
	}
	return b.report(of, english, englishProblems())
}

// urgentProblem is like nextProblem, for one of a high severity.
func (b *builder) urgentProblem(of *org) problem {
	all := slices.Concat(problems(of.plan.language), englishProblems())
	return b.report(of, "urgent", slices.DeleteFunc(all, func(one problem) bool { return one.severity > 2 }))
}

// report returns the next of the known problems of a kind. Organizations begin at different ones.
func (b *builder) report(of *org, kind string, known []problem) problem {
	key := of.ID + kind
	one := known[(b.opened[key]+len(of.plan.name))%len(known)]
	b.opened[key]++
	site := of.plan.sites[b.random.IntN(len(of.plan.sites))]
	fill := strings.NewReplacer("{site}", site, "{n}", fmt.Sprint(2+b.random.IntN(46)), "{vlan}",
		fmt.Sprint(10*(1+b.random.IntN(40))))
	for _, text := range []*string{
		&one.subject, &one.description, &one.question, &one.reply, &one.solution, &one.thanks, &one.note,
	} {
		*text = fill.Replace(*text)
	}
	if one.note == "" {
		one.note = notes()[b.random.IntN(len(notes()))]
	}
	return one
}

// problems returns the problems that are reported in a language.
func problems(language string) []problem {
	switch language {
	case german, french, spanish, italian, danish, polish, croatian:
		return latinProblems()[language]
	case greek, ukrainian, hebrew, arabic, hindi:
		return otherProblems()[language]
	case japanese, chinese:
		return eastAsianProblems()[language]
	}
	return englishProblems()
}

// notes are what agents note for each other.
func notes() []string {
	return []string{
		"Same firmware as in the case from spring. If the restart does not help, open a case with the vendor.",
		"Checked the events of the last 24 hours: nothing but this. Not ours, I believe.",
		"The contract covers on-site work here. Ask dispatch before promising a date.",
		"Customer was friendly on the phone, but the next call comes from the director. Please keep an eye on it.",
		"Reproduced in the lab with 8.1.0; does not happen with 8.1.2.",
	}
}
