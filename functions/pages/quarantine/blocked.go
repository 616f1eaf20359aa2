package quarantine

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/support/intake"
)

// blockedList is a page of the blocked senders, with the form to block another one.
type blockedList struct {
	search      string
	blocks      []intake.Block
	total       int
	pager       kit.Pager
	entry, note string
}

func unblockPath(entry string) string { return blockedPath + "/" + url.PathEscape(entry) + "/unblock" }

// blocked lists the blocked senders. The form can be filled in by the address, from the page of a mail.
func (p Pages) blocked(v *kit.Visit) error {
	shown, err := p.readBlocked(v)
	if err != nil {
		return err
	}
	shown.entry = strings.TrimSpace(v.Query("entry"))
	return v.Show(blockedPage(v.Frame(v.T("Blocked senders")), shown))
}

func (p Pages) readBlocked(v *kit.Visit) (blockedList, error) {
	if err := scope.Platform(v); err != nil {
		return blockedList{}, err
	}
	all, err := p.Intake.Blocks(v.Context(), *v.By)
	if err != nil {
		return blockedList{}, err
	}
	shown := blockedList{search: strings.TrimSpace(v.Query("search"))}
	var matches []intake.Block
	for _, one := range all {
		if strings.Contains(strings.ToLower(one.Entry+" "+one.Note), strings.ToLower(shown.search)) {
			matches = append(matches, one)
		}
	}
	shown.total = len(matches)
	shown.blocks, shown.pager = kit.Cut(v, matches, pageSize)
	return shown, nil
}

// block blocks a sender.
func (p Pages) block(v *kit.Visit) error {
	entry, note := v.Line("entry"), v.Line("note")
	blocked, err := p.Intake.BlockSender(v.Context(), *v.By, entry, note)
	if err != nil {
		shown, readErr := p.readBlocked(v)
		if readErr != nil {
			return err
		}
		shown.entry, shown.note = entry, note
		refusal := kit.Refusal{Title: v.T("Blocked senders"), Heading: v.T("Nobody was blocked")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return blockedPage(f, shown) })
	}
	v.Done(v.T("Mails from %s are quarantined from now on.", blocked.Entry))
	return v.GoTo(blockedPath)
}

// unblock lets the mails of a sender in again.
func (p Pages) unblock(v *kit.Visit) error {
	entry := v.Path("entry")
	if err := p.Intake.UnblockSender(v.Context(), *v.By, entry); err != nil {
		return err
	}
	v.Done(v.T("Mails from %s are let in again. Those in the quarantine stay there; replay them.", entry))
	return v.GoTo(blockedPath)
}
