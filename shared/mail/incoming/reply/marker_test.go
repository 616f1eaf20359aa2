package reply

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// maja answers our mails in these tests.
var maja = Mail{Subject: "Re: [Case 12] Printer on floor 3", Name: "Maja Kos", Address: "maja@bakery.example"}

const (
	onWrote = "On Tue, Mar 10, 2026 at 8:30 AM Help Desk <help@msp.example> wrote:"
	notice  = "##- Reply above this line to answer -##\n\nTom Hill answered case 12\n\nWhich tray is it?"
	headers = "From: Help Desk <help@msp.example>\nSent: Tuesday, March 10, 2026 8:30 AM\n" +
		"To: Maja Kos <maja@bakery.example>\nSubject: [Case 12] Printer on floor 3"
)

// marked puts '>' before every line.
func marked(text string) string { return "> " + strings.ReplaceAll(text, "\n", "\n> ") }

func TestWhatLooksLikeAQuoteAboveOurOwnStays(t *testing.T) {
	for name, answer := range map[string]string{
		"pasted headers": "It bounced:\n\nFrom: Order Desk <orders@flour.example>\nTo: maja@bakery.example\n" +
			"Date: Mon, 9 Mar 2026 17:02:11 +0100\nSubject: Delivery 88\n\nWhere did it go?",
		"a log line with a time":     "It says:\n\nOn 9 Mar 2026 at 17:02 the spooler wrote:\nE-17 tray empty\n\nIt is not empty.",
		"a log line with an address": "It says:\n\nOn 9 Mar 2026 at 17:02 spooler@floor3 wrote:\nE-17 tray empty\n\nIt is not empty.",
		"a line of dashes":           "The scan begins with\n\n-----Original Message-----\nPay now.\n\nIs that you?",
		"answers parted by dashes":   "1. The upper one.\n--\n2. Since Monday.\n--\n3. No.",
		"a name after the dashes":    "Upper tray\n--\nMaja will be here until noon and can open the door.",
		"console lines":              "The display shows\n\n> E-17\n> CALL SERVICE",
		"console lines, announced":   "The display shows:\n> E-17\n> CALL SERVICE",
		"a forwarded mail":           "See this:\n\n---------- Forwarded message ---------\nFrom: Vendor <v@vendor.example>\n\nUse tray 2.",
		"the marker of others":       "They wrote\n##- Please type your reply above this line -##\nto me too.",
		"a list":                     "- tray 1: empty\n- tray 2: full",
	} {
		for quoting, quote := range map[string]string{
			"marked":                                onWrote + "\n\n" + marked(notice),
			"marked, without an empty line":         onWrote + "\n" + marked(notice),
			"marked with its introduction":          marked("On 10 Mar 2026, at 08:30, Help Desk <help@msp.example> wrote:\n\n" + notice),
			"broken before the bracket":             strings.Replace(onWrote, "> wrote:", "\n> wrote:", 1) + "\n\n" + marked(notice),
			"not marked":                            onWrote + "\n\n" + notice,
			"below headers":                         headers + "\n\n" + notice,
			"below a rule and headers":              "________________________________\n" + headers + "\n\n" + notice,
			"below a line and headers":              "-----Original Message-----\n" + headers + "\n\n" + notice,
			"below spaced headers":                  strings.ReplaceAll(headers, "\n", "\n\n") + "\n\n" + notice,
			"below a warning":                       headers + "\n\nCAUTION: This mail came from outside.\n\n" + notice,
			"below a dashed line":                   "---- On Tue, 10 Mar 2026 08:30:00 +0100 Help Desk <help@msp.example> wrote ----\n\n" + notice,
			"below unknown labels":                  "Blorgh: Help Desk <help@msp.example>\nXyz: 8:30\nQuux: Maja\n\n" + notice,
			"above a phone's line":                  "Sent from my iPhone\n\n" + marked("On 10 Mar 2026, at 08:30, Help Desk <help@msp.example> wrote:\n\n"+notice),
			"above a signature":                     "-- \nMaja Kos\nBakery\n\n" + onWrote + "\n\n" + marked(notice),
			"above a signature that lost its space": "--\nMaja Kos\nBakery\n+386 1 555 01 01\n\n" + onWrote + "\n\n" + marked(notice),
		} {
			if diff := cmp.Diff(answer, Trim(answer+"\n\n"+quote, maja)); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", name, quoting, diff)
			}
		}
	}
}

func TestAnswersAmongOurMarkedLinesStayWithThem(t *testing.T) {
	for name, text := range map[string]string{
		"between":             onWrote + "\n" + marked(notice) + "\n\nThe upper one.\n\n> Since when?\n\nMonday.",
		"without empty lines": onWrote + "\n" + marked(notice) + "\nThe upper one.\n> Since when?\nMonday.",
		"between only":        onWrote + "\n" + marked("##- Reply above this line to answer -##\nWhich tray do you mean when you say that it is the one below?") + "\nThe upper one.\n> Thanks",
		"pointed to":          "My answers are below in red.\n\n" + onWrote + "\n" + marked(notice+"\nThe upper one."),
	} {
		if got := Trim(text, maja); !strings.Contains(got, "The upper one.") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestAQuoteIsKnownByWhatProgramsWriteAboveIt(t *testing.T) {
	const answer = "It prints again."
	for name, quote := range map[string]string{
		"broken before the bracket":     "On Tue, Mar 10, 2026 at 8:30 AM Help Desk <help@msp.example\n> wrote:\n\n> Which tray?",
		"French, on two lines":          "Le mar. 10 mars 2026 à 08:30, Help Desk <help@msp.example>\na écrit :\n\n> Which tray?",
		"French, on two lines, no mark": "Le mar. 10 mars 2026 à 08:30, Help Desk <help@msp.example>\na écrit :\n\nWhich tray?",
		"Romanian, on two lines":        "În mar., 10 mar. 2026 la 08:30, Help Desk <help@msp.example>\na scris:\n\n> Which tray?",
		"ISO date, broken":              "2026-03-10 8:30 GMT+01:00 Help Desk for the Bakery\n<help@msp.example>:\n\n> Which tray?",
		"ISO date, broken, no mark":     "2026-03-10 08:30 Help Desk for the Bakery\n<help@msp.example>:\n\nWhich tray?",
		"ISO date in English, broken":   "On 2026-03-10 08:30, Help Desk for the Bakery\n<help@msp.example> wrote:\n\n> Which tray?",
		"ISO date, bracket broken":      "2026-03-10 8:30 GMT+01:00 Help Desk <help@msp.example\n>:\n\n> Which tray?",
		"Zoho":                          "---- On Tue, 10 Mar 2026 08:30:00 +0100 Help Desk <help@msp.example> wrote ----\n\nWhich tray?",
		"Zoho, unequal dashes":          "---- On Tue, 10 Mar 2026 08:30:00 +0100 Help Desk <help@msp.example> wrote ---\n\nWhich tray?",
		"Zoho, broken":                  "---- On Tue, 10 Mar 2026 08:30:00 +0100 Help Desk\n<help@msp.example> wrote ----\n\nWhich tray?",
		"Russian, no mark":              "вт, 10 мар. 2026 г. в 08:30, Help Desk <help@msp.example>:\n\nWhich tray?",
		"mail.ru, no mark":              "Вторник, 10 марта 2026, 8:30 +03:00 от Help Desk <help@msp.example>:\n\nWhich tray?",
		"Yandex, no mark":               "10.03.2026, 08:30, \"Help Desk\" <help@msp.example>:\n\nWhich tray?",
		"a line broken in the quote":    onWrote + "\n\n> Please look whether the paper in the upper tray lies the right\nway round.\n> Then print again.",
		"Message du":                    "====\n\nMessage du : 10/03/2026 08:30\nDe : \"Help Desk\" <help@msp.example>\nA : maja@bakery.example\nCopie à :\nSujet : Printer on floor 3\n\nWhich tray?",
		"headers with another order":    "Date: Tue, 10 Mar 2026\nFrom: help@msp.example\nTo: maja@bakery.example\nSubject: Printer on floor 3\n\nWhich tray?",
	} {
		if diff := cmp.Diff(answer, Trim(answer+"\n\n"+quote, maja)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestHeadersOfAnotherSubjectWerePasted(t *testing.T) {
	text := "It bounced:\n\nFrom: Order Desk <orders@flour.example>\nTo: maja@bakery.example\n" +
		"Date: Mon, 9 Mar 2026 17:02:11 +0100\nSubject: Delivery 88\n\nWhere did it go?"
	if got := Trim(text, maja); got != text {
		t.Errorf("%q", got)
	}
}

// TestCuttingRemovesOnlyWhatIsQuotedFromUs builds answers of lines that look like quotes, signatures
// and introductions, and puts our quoted mail below them.
func TestCuttingRemovesOnlyWhatIsQuotedFromUs(t *testing.T) {
	pieces := []string{
		"line", "", "", "> console", ">> console", "On 9 Mar 2026 at 17:02 the spooler wrote:", "Ana wrote:", "a écrit :",
		"-----Original Message-----", "---------- Forwarded message ---------", "--", "—", "From: Order Desk <o@flour.example>",
		"Sent: Monday", "To: me@bakery.example", "Subject: Delivery 88", "Date: 9 Mar 2026 17:02", "1. one", "- two", "wrote:",
		"##- Please type your reply above this line -##", "Le 9 mars 2026 à 17:02, Jim <jim@flour.example>", "C:\\>", "table:",
	}
	quotes := []string{
		onWrote + "\n\n" + marked(notice), onWrote + "\n" + marked(notice), onWrote + "\n\n" + notice,
		headers + "\n\n" + notice, "-----Original Message-----\n" + headers + "\n\n" + notice,
		strings.Replace(onWrote, "> wrote:", "\n> wrote:", 1) + "\n\n" + marked(notice),
		"---- On Tue, 10 Mar 2026 08:30:00 +0100 Help Desk <help@msp.example> wrote ----\n\n" + notice,
	}
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		for i, piece := range rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 30).Draw(t, "lines") {
			if rapid.Bool().Draw(t, "word") {
				piece = strings.TrimSpace(fmt.Sprintf("%s KEEP%d", piece, i))
			}
			lines = append(lines, piece)
		}
		lines = append(lines, "This is the KEEP-end of it.")
		answer := strings.Join(lines, "\n")
		got := Trim(answer+"\n\n"+rapid.SampledFrom(quotes).Draw(t, "quote"), maja)
		for _, line := range lines {
			if strings.Contains(line, "KEEP") && !strings.Contains(got, line) {
				t.Fatalf("%q is lost of\n%s\nwhat stays is\n%s", line, answer, got)
			}
		}
		if Marked(got) {
			t.Fatalf("our own mail stays: %q", got)
		}
	})
}
