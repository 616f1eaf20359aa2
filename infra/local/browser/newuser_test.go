//go:build browser

package browser

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// The people of an installation that is used for the first time.
const (
	firstOperator = "olga@platform.example.net"
	firstAgent    = "carla@adria.example.net"
	firstCustomer = "noemi@rialto.example.net"
	password      = "eleven green umbrellas 7"
)

// TestSomebodyNewGetsEverywhereByThePagesAlone begins with an empty installation. Nobody types an
// address but the first: everything else is reached by links and buttons, and by links in mails.
func TestSomebodyNewGetsEverywhereByThePagesAlone(t *testing.T) {
	for name, script := range map[string]bool{"with script": true, "without script": false} {
		t.Run(name, func(t *testing.T) {
			e := install(t)
			olga := newTabOf(t, e.portal).script(script)
			e.setUp(olga)
			olga.createsAnMSP()
			carla := e.invited(firstAgent, script).accepts("Carla", "Conti")
			carla.createsACustomer()
			noemi := e.invited(firstCustomer, script).accepts("Noemi", "Forlì")
			noemi.opensACase("The printer is offline")
			noemi.opensACase("The printer again")
			e.carlaAnswersAndNoemiRepliesByMail(carla)
			e.carlaReleasesAMail(carla)
			carla.mergesTheSecondCaseIntoTheFirst()
			carla.findsWhoMerged()
			e.olgaReleasesAMail(olga)
			noemi.choosesATimeZone()
			for _, one := range []*tab{olga, carla, noemi} {
				one.quiet(one.location())
			}
		})
	}
}

// setUp makes the first operator on the page to which the first address leads.
func (e empty) setUp(olga *tab) {
	e.t.Helper()
	olga.open("/")
	olga.sees("This installation has no operator yet")
	olga.fill("token", e.token())
	olga.fill("email", firstOperator)
	olga.fill("first_name", "Olga")
	olga.fill("last_name", "Orsini")
	olga.fill("password", password)
	olga.press("Create the account")
	olga.sees("Olga Orsini")
}

func (b *tab) createsAnMSP() {
	b.t.Helper()
	b.press("Run the platform")
	b.press("Create an MSP")
	b.fill("name", "Adria Networks")
	b.press("Create an MSP")
	b.press("Invite its first administrator")
	b.fill("email", firstAgent)
	b.do(chromedp.Click(`input[name=role][value=admin]`))
	b.press("Send the invitation")
	b.sees("The invitation to " + firstAgent + " was sent.")
}

// accepts creates the account of somebody who was invited.
func (b *tab) accepts(first, last string) *tab {
	b.t.Helper()
	b.fill("first_name", first)
	b.fill("last_name", last)
	b.fill("password", password)
	b.press("Create account")
	b.sees(first + " " + last)
	return b
}

func (b *tab) createsACustomer() {
	b.t.Helper()
	b.menu("", "Organizations")
	b.press("Create an organization")
	b.fill("name", "Rialto Hotels")
	b.press("Create an organization")
	b.press("Invite its first administrator")
	b.fill("email", firstCustomer)
	b.do(chromedp.Click(`input[name=role][value=admin]`))
	b.press("Send the invitation")
	b.sees("The invitation to " + firstCustomer + " was sent.")
}

func (b *tab) opensACase(subject string) {
	b.t.Helper()
	b.menu("", "Cases")
	b.press("Open a case")
	b.fill("subject", subject)
	b.fill("description", "Since this morning.")
	b.press("Open the case")
	b.sees("is open. You get a mail when somebody answers.")
}

// carlaAnswersAndNoemiRepliesByMail has the agent assign the first case to herself and answer it;
// the customer replies to the mail about that.
func (e empty) carlaAnswersAndNoemiRepliesByMail(carla *tab) {
	e.t.Helper()
	carla.opensTheCase("The printer is offline")
	carla.press("Assign to me")
	carla.sees("Case 1 is yours.")
	carla.fill("comment", "Please switch it off and on.")
	carla.press("Send")
	carla.sees("Please switch it off and on.")
	answer := e.received(firstCustomer, "The printer is offline")
	e.mail(firstCustomer, e.replyAddress(answer), "Re: The printer is offline", "It still beeps.")
	carla.awaits("It still beeps.")
	carla.sees("by e-mail")
}

// carlaReleasesAMail has the customer write from an address that nobody knows.
func (e empty) carlaReleasesAMail(carla *tab) {
	e.t.Helper()
	answer := e.received(firstCustomer, "The printer is offline")
	e.mail("noemi.private@elsewhere.example.net", e.replyAddress(answer), "Re: The printer is offline", "I am at home.")
	carla.awaits("Quarantined mails")
	carla.press("Release")
	carla.awaits("I am at home.")
}

func (b *tab) mergesTheSecondCaseIntoTheFirst() {
	b.t.Helper()
	b.opensTheCase("The printer again")
	b.do(chromedp.Click(`//summary[.="Link, merge"]`))
	b.fill("other", "1")
	b.press("Merge this case into it")
	b.sees("Merged into case 1")
	b.press("Go on there")
	b.sees("Case 2, merged into this one: The printer again")
}

// findsWhoMerged looks into the audit log of the customer.
func (b *tab) findsWhoMerged() {
	b.t.Helper()
	b.menu("Administration", "Audit log")
	b.fill("message", "merged")
	b.press("Apply")
	b.sees("Merged case 2 into case 1")
	row := `//tr[contains(., "Merged case 2 into case 1")]`
	b.do(chromedp.Click(row + `//summary`))
	if !b.has(row + `[contains(., "Carla Conti") and contains(., "cases.merge")]`) {
		b.t.Errorf("who merged the cases is not there: %s", b.text())
	}
}

// olgaReleasesAMail has a mail of a program be kept out, which the operator lets in.
func (e empty) olgaReleasesAMail(olga *tab) {
	e.t.Helper()
	e.mail(firstCustomer, "support@tenantry.localhost", "News of the hotel", "We have a new lobby.",
		"List-Id: <news.rialto.example.net>", "Precedence: bulk", "Auto-Submitted: auto-generated")
	olga.place("The platform")
	olga.menu("Support", "Quarantine")
	olga.awaits("News of the hotel")
	olga.press("News of the hotel")
	olga.sees("Why it was kept out")
	olga.press("Release")
	olga.sees("released")
}

func (b *tab) choosesATimeZone() {
	b.t.Helper()
	b.account("Your account")
	b.fill("time_zone", "Asia/Tokyo")
	b.press("Save the preferences")
	b.sees("Times are in Asia/Tokyo")
}

// opensTheCase goes to a case from the list of all cases of the MSP.
func (b *tab) opensTheCase(subject string) {
	b.t.Helper()
	b.place("All your places")
	b.press("Adria Networks")
	b.menu("", "Cases")
	b.press("All open cases")
	b.awaits(subject) // the index follows a moment later
	b.press(subject)
	b.sees("Write a comment")
}

// awaits loads the page again until it has a text.
func (b *tab) awaits(words string) {
	b.t.Helper()
	path, _, _ := strings.Cut(b.location(), "#") // with one, the browser would only scroll
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if b.open(path); b.contains(words) {
			return
		}
	}
	b.t.Fatalf("%s lacks %q: %s", path, words, b.text())
}
