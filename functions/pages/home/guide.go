package home

import (
	"slices"
	"strings"

	"github.com/tenantry/tenantry/functions/pages/kit"
)

// guide explains a kind of page: what it is for, and what can be done there.
type guide struct {
	// ending is how the path of such a page ends; a part in braces stands for any text.
	ending  string
	title   string
	answers []answer
}

// answer is a question that people have at a page, with its answer.
type answer struct{ question, text string }

// guides returns the guides, those of longer paths first; the last one is for all other pages.
func guides(v *kit.Visit) []guide {
	return append(slices.Concat(guidesOfWork(v), guidesOfProviders(v)), guide{"", v.T("Finding your way"), []answer{
		{v.T("How do I get to a customer?"), v.T("Open the list beside the name in the header and type a part of the customer's name, or search at the top.")},
		{v.T("Why do I not see a page?"), v.T("The menu has what your role allows at this place. An administrator of the place can give you another role.")},
	}})
}

// guidesOfWork returns the guides of the pages of cases, people, logs, jobs and the account.
func guidesOfWork(v *kit.Visit) []guide {
	return []guide{
		{"/cases/new", v.T("Opening a case"), []answer{
			{v.T("What helps most?"), v.T("Say what happens, since when, where, and what you expected instead. Attach the log or a picture.")},
			{v.T("Which severity?"), v.T("1 if nobody can work, 2 if many are disturbed, 3 for one thing that does not work, 4 for a question.")},
			{v.T("Who is told?"), v.T("You, the people in copy, and the agents of your provider. Answers come by mail; you can answer the mail.")},
		}},
		{"/cases/count", v.T("Case reports"), []answer{
			{v.T("What do the numbers count?"), v.T("All cases of the place that you may see. Each number leads to the list of the cases behind it.")},
		}},
		{"/cases/{case}", v.T("Working on a case"), []answer{
			{v.T("Who sees an internal note?"), v.T("Agents only. A note does not change the case for its customer, and no customer gets a mail.")},
			{v.T("What does merging do?"), v.T("This case is closed and points to the other one. Its people watch that one, and answers to its mails go there.")},
			{v.T("Why did the clock stop?"), v.T("Promised times do not run while a case is pending or on hold: the customer has to act first.")},
			{v.T("Can I undo a deletion?"), v.T("For 30 days, from the bin of the list of cases.")},
		}},
		{"/cases", v.T("The list of cases"), []answer{
			{v.T("How do I find a case?"), v.T("Type its number, a part of a word, or several words in their order. Filters add up; each shows above the list and can be removed there.")},
			{v.T("How do I change several?"), v.T("Tick them and choose what to do. It becomes a job with a result for each.")},
			{v.T("How do I get a file?"), v.T("CSV writes the list with its filters into a file, and the job's page leads to it.")},
		}},
		{"/admins", v.T("People and roles"), []answer{
			{v.T("Which role for whom?"), v.T("Tenant Administrator and Super User may everything. Network Admin changes everything but people. Helpdesk works on cases. The others see, or install devices.")},
			{v.T("The invitation does not arrive."), v.T("Send it again: the link in the former mail ends. The list shows if mail does not reach an address.")},
		}},
		{"/consents", v.T("What the provider may do"), []answer{
			{v.T("Who decides?"), v.T("Administrators of the organization itself. The provider can ask for a consent, and give up what it has.")},
			{v.T("When does it end?"), v.T("At once when you withdraw it, or after the last day that you set. Everything the provider has open stops at its next click.")},
		}},
		{"/logs", v.T("The audit log"), []answer{
			{v.T("What is in it?"), v.T("Every change, log-in and refusal, with who, when, from where, and what was before and after. Nobody can change or delete an entry.")},
			{v.T("How far does it go back?"), v.T("60 days. What is older is kept in an archive for 400 days; ask those who run the platform.")},
			{v.T("What does a day or a week mean?"), v.T("Those of your time zone. A week begins on Sunday, or on Monday if you prefer that on your account.")},
		}},
		{"/jobs/{job}", v.T("A job"), []answer{
			{v.T("May I close the page?"), v.T("Yes. The job goes on, and its page keeps the results for 90 days.")},
			{v.T("Some failed."), v.T("Mend what the reason says, and retry the failed ones: what is done is not done again.")},
		}},
		{"/jobs", v.T("Jobs"), []answer{
			{v.T("What is a job?"), v.T("Whatever takes longer than a moment or concerns many things at once. Each target has a result of its own.")},
		}},
		{"/account/tokens", v.T("API tokens"), []answer{
			{v.T("How do I use one?"), v.T("Send the header Authorization: Token, a space, and the token. The documentation of the API has every call.")},
		}},
		{"/account", v.T("Your account"), []answer{
			{v.T("Which mails can I switch off?"), v.T("Those about cases, by kind. Invitations, links for your password and security mails about yourself always come.")},
		}},
	}
}

// help shows the guide for a page.
func (p Pages) help(v *kit.Visit) error {
	page := kit.LocalPath(v.Query("page"))
	one := guideOf(v, page)
	v.Trail(kit.Link{Label: v.T("Back to the page"), Path: page})
	return v.Show(guidePage(v.Frame(one.title), one, page, ""))
}

// guideOf returns the guide for a page.
func guideOf(v *kit.Visit, page string) guide {
	path, _, _ := strings.Cut(page, "?")
	all := guides(v)
	for _, one := range all {
		if endsLike(path, one.ending) {
			return one
		}
	}
	return all[len(all)-1]
}

// name is the guide's name in the feedback, whatever the reader's language.
func (g guide) name() string {
	if g.ending == "" {
		return "start"
	}
	return strings.NewReplacer("{", "", "}", "").Replace(strings.TrimPrefix(g.ending, "/"))
}

// endsLike reports whether a path ends like a pattern; a part of the pattern in braces stands for any text.
func endsLike(path, pattern string) bool {
	parts, wanted := strings.Split(path, "/"), strings.Split(pattern, "/")
	if pattern == "" {
		return true
	}
	if len(parts) < len(wanted) {
		return false
	}
	for i, want := range wanted[1:] {
		got := parts[len(parts)-len(wanted)+1+i]
		if want != got && !strings.HasPrefix(want, "{") {
			return false
		}
	}
	return true
}
