package health

import (
	"bytes"
	"encoding/json"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/deadletter"
	"github.com/tenantry/tenantry/shared/fault"
)

// pageSize is how many dead letters a page shows, unless the reader prefers another number.
const pageSize = 50

func letterPath(id string) string { return lettersPath + "/" + id }

// letters lists the dead letters, the newest first.
func (p Pages) letters(v *kit.Visit) error {
	if err := scope.Platform(v); err != nil {
		return err
	}
	paging := v.Paging()
	page, err := p.DeadLetters.List(v.Context(), *v.By, v.PageSize(pageSize), paging.After())
	if err != nil {
		return err
	}
	return v.Show(lettersPage(v.Frame(v.T("Dead letters")), page.Letters, v.Pager(paging, page.Next)))
}

// readLetter reads the dead letter of the path.
func (p Pages) readLetter(v *kit.Visit) (deadletter.Letter, error) {
	if err := scope.Platform(v); err != nil {
		return deadletter.Letter{}, err
	}
	if uuid.Validate(v.Path("message_id")) != nil {
		return deadletter.Letter{}, fault.Missing()
	}
	v.Trail(kit.Link{Label: v.T("Dead letters"), Path: lettersPath})
	return p.DeadLetters.Get(v.Context(), *v.By, v.Path("message_id"))
}

func titleOf(v *kit.Visit, letter deadletter.Letter) string {
	return v.T("Dead letter of %s", letter.Queue)
}

// letter shows a dead letter.
func (p Pages) letter(v *kit.Visit) error {
	letter, err := p.readLetter(v)
	if err != nil {
		return err
	}
	return v.Show(letterPage(v.Frame(titleOf(v, letter)), letter))
}

// replay puts a dead letter back on its queue.
func (p Pages) replay(v *kit.Visit) error {
	err := p.DeadLetters.Replay(v.Context(), *v.By, v.Path("message_id"))
	if fault.Is(err, fault.Conflict) {
		letter, readErr := p.readLetter(v)
		if readErr != nil {
			return err
		}
		refusal := kit.Refusal{Title: titleOf(v, letter), Heading: v.T("The message was not replayed")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return letterPage(f, letter) })
	}
	if err != nil {
		return err
	}
	v.Done(v.T("The message is on its queue again. If it fails again, it comes back."))
	return v.GoTo(lettersPath)
}

// askDiscard asks whether a dead letter shall be deleted.
func (p Pages) askDiscard(v *kit.Visit) error {
	letter, err := p.readLetter(v)
	if err != nil {
		return err
	}
	v.Trail(kit.Link{Label: v.T("Dead letters"), Path: lettersPath},
		kit.Link{Label: titleOf(v, letter), Path: letterPath(letter.ID)})
	return v.Show(discardPage(v.Frame(v.T("Discard this message?")), letter))
}

// discard deletes a dead letter.
func (p Pages) discard(v *kit.Visit) error {
	if err := p.DeadLetters.Discard(v.Context(), *v.By, v.Path("message_id")); err != nil {
		return err
	}
	v.Done(v.T("The message was discarded."))
	return v.GoTo(lettersPath)
}

// formatted returns the body of a message with line breaks and indents.
func formatted(body json.RawMessage) string {
	var out bytes.Buffer
	if json.Indent(&out, body, "", "  ") != nil {
		return string(body)
	}
	return out.String()
}
