package kit

import (
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/shared/identity"
)

// A form whose session has ended, or needs the password again, is not lost: the page that asks for the log-in or the
// password carries what was typed along in hidden fields. Their names begin with keptPrefix.
const (
	keptPrefix = "kept."
	// keptPath is the hidden field with the path that the kept form was sent to, keptEncoding that with
	// how it was encoded, and keptPosted says that there was a form, and not only a page.
	keptPath, keptEncoding, keptPosted = "kept_path", "kept_encoding", "kept_posted"
	multipartForm                      = "multipart/form-data"
	// StepUpPassword is the field of the password that is given again.
	StepUpPassword = "step_up_password"
	// mostKept is the size limit of what is kept in bytes.
	mostKept = 512 << 10
)

// KeptForm is a form that a session ended under.
type KeptForm struct {
	// Path is where it is sent to; "" if no form was kept.
	Path     string
	Encoding string
	Fields   []KeptField
}

// short returns the fields that are not shown to be changed.
func (k KeptForm) short(f *Frame) []Fact {
	var facts []Fact
	for _, field := range k.Fields {
		if !field.Long() {
			facts = append(facts, Fact{Name: Word(f, field.Name), Value: field.Value})
		}
	}
	return facts
}

// KeptField is a field of a kept form.
type KeptField struct{ Name, Value string }

// Long reports whether a value is text that people want to read again.
func (k KeptField) Long() bool { return len(k.Value) > 40 || strings.ContainsAny(k.Value, " \n") }

// askLogin asks for a log-in after a session ended under a form.
func (v *Visit) askLogin(status int) error {
	encoding := "application/x-www-form-urlencoded"
	if strings.HasPrefix(v.R.Header.Get("Content-Type"), multipartForm) {
		encoding = multipartForm
	}
	var kept KeptForm
	form := v.sentForm()
	if v.kit.gate.CSRFOfCookie(v.R, unmasked(form.Get(CSRFField))) { // otherwise another site may have sent it
		kept = KeptForm{Path: v.R.URL.Path, Encoding: encoding, Fields: typed(form)}
	}
	return v.ShowStatus(status, KeptLoginPage(v.Frame(v.T("Log in to go on")), kept))
}

// askPassword asks for the password again, and goes on with the form, or the page, once it was given.
func (v *Visit) askPassword(status int) error {
	f := v.Frame(v.T("Enter your password again"))
	if !v.posted() {
		return v.ShowStatus(status, stepUpPage(f, v.R.URL.RequestURI(), false, nil))
	}
	return v.ShowStatus(status, stepUpPage(f, v.R.URL.Path, true, typed(v.sentForm())))
}

// sentForm returns the form that was sent, also one that was refused before it was read.
func (v *Visit) sentForm() url.Values {
	if v.R.PostForm != nil {
		return v.R.PostForm
	}
	return v.lateForm()
}

// typed returns the text fields of a form, except the tokens.
func typed(form url.Values) []KeptField {
	var fields []KeptField
	size := 0
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			size += len(value)
			if name != CSRFField && name != OnceField && size <= mostKept && !strings.HasPrefix(name, keptPrefix) {
				fields = append(fields, KeptField{name, UnixLines(value)})
			}
		}
	}
	return fields
}

// lateForm reads a form that was refused before it was read; of one with files, the texts before the first file.
func (v *Visit) lateForm() url.Values {
	v.R.Body = http.MaxBytesReader(v.W, v.R.Body, maxForm)
	if !strings.HasPrefix(v.R.Header.Get("Content-Type"), multipartForm) {
		if v.R.ParseForm() != nil {
			return nil
		}
		return v.R.PostForm
	}
	parts, err := v.R.MultipartReader()
	if err != nil {
		return nil
	}
	form := url.Values{}
	for {
		part, err := parts.NextPart()
		if err != nil || part.FileName() != "" {
			return form
		}
		if strings.Contains(part.Header.Get("Content-Disposition"), "filename=") {
			continue // where no file was chosen
		}
		if text, err := textOf(part); err == nil {
			form.Add(part.FormName(), text)
		}
	}
}

func textOf(part *multipart.Part) (string, error) {
	content, err := io.ReadAll(io.LimitReader(part, mostKept))
	return string(content), err
}

// Kept returns the form that the log-in form carried along.
func (v *Visit) Kept() KeptForm {
	kept := KeptForm{Path: v.R.PostForm.Get(keptPath), Encoding: v.R.PostForm.Get(keptEncoding)}
	if kept.Path == "" || LocalPath(kept.Path) != kept.Path {
		return KeptForm{}
	}
	for _, name := range slices.Sorted(maps.Keys(v.R.PostForm)) {
		if field, isKept := strings.CutPrefix(name, keptPrefix); isKept {
			for _, value := range v.R.PostForm[name] {
				kept.Fields = append(kept.Fields, KeptField{field, UnixLines(value)})
			}
		}
	}
	return kept
}

// ShowKept shows a form that the log-in form carried along, in the session that was just begun.
func (v *Visit) ShowKept(session identity.Session, kept KeptForm) error {
	v.csrf = masked(session.CSRF)
	return v.Show(keptPage(v.Frame(v.T("You are logged in again")), kept))
}

// StepUpAgain asks for the password once more after a wrong one.
func StepUpAgain(f *Frame, v *Visit) templ.Component {
	var fields []KeptField
	for _, field := range typed(v.R.PostForm) {
		if field.Name != StepUpPassword && field.Name != keptPath && field.Name != keptPosted {
			fields = append(fields, field)
		}
	}
	return stepUpPage(f, LocalPath(v.R.PostForm.Get(keptPath)), v.R.PostForm.Get(keptPosted) != "", fields)
}

// GoOn goes on with what the password was asked for: the browser sends its form again (RFC 9110, 15.4.8), or
// opens the page.
func (v *Visit) GoOn() error {
	path := LocalPath(v.R.PostForm.Get(keptPath))
	if v.R.PostForm.Get(keptPosted) == "" {
		return v.GoTo(path)
	}
	http.Redirect(v.W, v.R, path, http.StatusTemporaryRedirect)
	return nil
}
