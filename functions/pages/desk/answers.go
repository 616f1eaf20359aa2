package desk

import (
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// pageSize is how many answers a page of the list shows, unless the reader prefers another number.
const pageSize = 50

// answerList is a page of the prepared answers of a provider.
type answerList struct {
	provider
	search  string
	answers []desk.Answer
	total   int
	pager   kit.Pager
}

// answerForm is an answer as its page shows it. Its ID is "" for a new one.
type answerForm struct {
	provider
	desk.Answer
	// theirs is what is stored while the form has something else; nil if that is the same.
	theirs *desk.Answer
}

func (a answerForm) list() string { return a.provider.path + "/answers" }

func (a answerForm) path() string {
	if a.ID == "" {
		return a.list() + "/new"
	}
	return a.list() + "/" + a.ID
}

// answers lists the prepared answers of a provider.
func (p Pages) answers(v *kit.Visit) error {
	at, err := p.provider(v)
	if err != nil {
		return err
	}
	all, err := p.Desk.Answers(v.Context(), *v.By, at.MSPID)
	if err != nil {
		return err
	}
	shown := answerList{provider: at, search: strings.TrimSpace(v.Query("search"))}
	var matches []desk.Answer
	phrase := strings.ToLower(shown.search)
	for _, one := range all {
		if strings.Contains(strings.ToLower(one.Name+"\n"+one.Text), phrase) {
			matches = append(matches, one)
		}
	}
	shown.total = len(matches)
	shown.answers, shown.pager = kit.Cut(v, matches, pageSize)
	return v.Show(answersPage(v.Frame(v.T("Prepared answers of %s", at.Name)), shown))
}

// trail leads back to the list of answers.
func (a answerForm) trail(v *kit.Visit) {
	v.Trail(kit.Link{Label: v.T("Prepared answers of %s", a.provider.Name), Path: a.list()})
}

// newAnswerForm shows the form of a new answer.
func (p Pages) newAnswerForm(v *kit.Visit) error {
	at, err := p.provider(v)
	if err == nil {
		err = v.By.Check(identity.ChangeDesk, at.Place)
	}
	if err != nil {
		return err
	}
	form := answerForm{provider: at}
	form.trail(v)
	return v.Show(answerPage(v.Frame(v.T("Prepare an answer")), form))
}

// newAnswer adds an answer.
func (p Pages) newAnswer(v *kit.Visit) error {
	at, err := p.provider(v)
	if err != nil {
		return err
	}
	form := answerForm{provider: at, Answer: desk.Answer{Name: v.Line("name"), Text: v.Text("text")}}
	created, err := p.Desk.AddAnswer(v.Context(), *v.By, at.MSPID, form.Answer)
	if err != nil {
		form.trail(v)
		refusal := kit.Refusal{Title: v.T("Prepare an answer"), Heading: v.T("The answer was not saved")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return answerPage(f, form) })
	}
	v.Done(v.T("The answer %s was prepared.", created.Name))
	return v.GoTo(form.list())
}

// readAnswer reads the answer of the path.
func (p Pages) readAnswer(v *kit.Visit) (answerForm, error) {
	at, err := p.provider(v)
	if err != nil {
		return answerForm{}, err
	}
	read, err := p.Desk.Answer(v.Context(), *v.By, at.MSPID, v.Path("answer_id"))
	form := answerForm{provider: at, Answer: read}
	form.trail(v)
	return form, err
}

// answer shows an answer, with a form for those who may change it.
func (p Pages) answer(v *kit.Visit) error {
	shown, err := p.readAnswer(v)
	if err != nil {
		return err
	}
	return v.Show(answerPage(v.Frame(shown.Name), shown))
}

// changeAnswer changes an answer.
func (p Pages) changeAnswer(v *kit.Visit) error {
	stored, err := p.readAnswer(v)
	if err != nil {
		return err
	}
	typed := stored
	typed.Name, typed.Text = v.Line("name"), v.Text("text")
	changed, err := p.Desk.ChangeAnswer(v.Context(), *v.By, stored.MSPID, stored.ID, revision(v),
		&typed.Name, &typed.Text)
	if err != nil {
		if overtaken(err) {
			typed.theirs = &stored.Answer
		}
		refusal := kit.Refusal{Title: stored.Name, Heading: v.T("The answer was not saved")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return answerPage(f, typed) })
	}
	v.Done(v.T("The answer %s was saved.", changed.Name))
	return v.GoTo(stored.list())
}

// askDelete asks whether an answer shall be deleted.
func (p Pages) askDelete(v *kit.Visit) error {
	shown, err := p.readAnswer(v)
	if err == nil {
		err = v.By.Check(identity.ChangeDesk, shown.Place)
	}
	if err != nil {
		return err
	}
	return v.Show(deletePage(v.Frame(v.T("Delete the answer %s?", shown.Name)), shown))
}

// deleteAnswer deletes an answer.
func (p Pages) deleteAnswer(v *kit.Visit) error {
	at, err := p.provider(v)
	if err != nil {
		return err
	}
	if err := p.Desk.RemoveAnswer(v.Context(), *v.By, at.MSPID, v.Path("answer_id")); err != nil {
		return err
	}
	v.Done(v.T("The answer was deleted. Comments that were written with it stay."))
	return v.GoTo(at.path + "/answers")
}
