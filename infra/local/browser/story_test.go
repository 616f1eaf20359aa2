//go:build browser

package browser

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// both runs a story with the scripts of the pages, and without.
func both(t *testing.T, story func(b *tab)) {
	t.Helper()
	for name, script := range map[string]bool{"with script": true, "without script": false} {
		t.Run(name, func(t *testing.T) { story(newTab(t).script(script)) })
	}
}

func TestACustomerOpensACaseAndAddsAComment(t *testing.T) {
	both(t, func(b *tab) {
		b.as(networkAdmin)
		b.press("Rialto Hotels")
		b.sees("Recent cases")
		b.press("All cases")
		b.press("Open a case")
		b.sees("What happens, since when")
		b.press("Open the case")
		b.sees("Case not opened")
		b.fill("subject", "The printer on floor 2 is offline")
		b.fill("description", "Since this morning.")
		b.press("Open the case")
		b.sees("is open. You get a mail when somebody answers.")
		b.fill("comment", "It also beeps.")
		b.press("Send")
		b.sees("It also beeps.")
		b.press("Close the case")
		b.sees("Open again")
	})
}

func TestAnAgentFiltersTheConsoleAndTagsCases(t *testing.T) {
	both(t, func(b *tab) {
		b.as(superUser)
		b.press("Adria Networks")
		b.sees("Open cases")
		b.press("All cases")
		b.do(chromedp.SetValue("#severity", "1"))
		b.press("Search")
		b.sees("Severity: 1")
		b.press("Severity: 1")
		b.do(chromedp.Click("tbody tr:first-child input[name=id]"))
		b.press("Tag…")
		b.sees("Tag one case")
		b.fill("value", "lobby")
		b.press("Go on with one case")
		b.sees("Progress")
		for deadline := time.Now().Add(limit); !strings.Contains(b.source(), "1 of 1"); time.Sleep(100 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("the job does not end: %s", b.text())
			}
			b.open(b.location()) // what the script does by itself
		}
	})
}

func TestAnOperatorCreatesAnMSPAndInvitesItsAdministrator(t *testing.T) {
	both(t, func(b *tab) {
		b.as(operator)
		b.press("Run the platform")
		b.press("Create an MSP")
		b.fill("name", "Carnia Carrier")
		b.press("Create an MSP")
		b.sees("Carnia Carrier was created.")
		b.press("Invite its first administrator")
		b.fill("email", "anna@carnia.example")
		b.do(chromedp.Click(`input[name=role][value=admin]`))
		b.press("Send the invitation")
		b.sees("The invitation to anna@carnia.example was sent.")
		b.press("Revoke")
		b.sees("The invitation was revoked.")
	})
}
