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

func TestTheScriptKeepsFilesThatAreTooLargeForAForm(t *testing.T) {
	b := newTab(t)
	b.as(networkAdmin)
	b.press("Rialto Hotels")
	b.press("All cases")
	b.press("Open a case")
	b.sees("What happens, since when")
	// One machine has no such limit: give the form the one that it has on AWS, but smaller.
	evaluate[bool](b, `(() => {
		const field = document.getElementById("file"), over = document.createElement("p"), chosen = new DataTransfer();
		field.dataset.most = "3";
		field.dataset.over = over.id = "file-over";
		over.tabIndex = -1;
		over.hidden = true;
		field.after(over);
		chosen.items.add(new File(["12"], "a.txt"));
		chosen.items.add(new File(["34"], "b.txt"));
		field.files = chosen.files;
		return true;
	})()`)
	b.fill("subject", "The printer on floor 3 is offline")
	b.do(chromedp.Click(`//main//button[normalize-space(.)="Open the case"]`)) // which leads nowhere
	if !evaluate[bool](b, `document.activeElement.id === "file-over" && !document.activeElement.hidden`) {
		t.Errorf("nothing is said on %s: %s", b.location(), b.text())
	}
	if got := evaluate[string](b, `document.getElementById("subject").value`); got != "The printer on floor 3 is offline" {
		t.Errorf("the subject is %q", got)
	}
	evaluate[bool](b, `(() => { document.getElementById("file").value = ""; return true; })()`)
	b.press("Open the case")
	b.sees("Case not opened")
}
