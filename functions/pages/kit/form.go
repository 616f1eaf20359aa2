package kit

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
)

const (
	// CSRFField is the form field with the CSRF token.
	CSRFField = "csrf"
	// OnceField is the form field with the one-time value.
	OnceField = "once"
)

// maxForm is the size limit of a form without files.
const maxForm = 1 << 20

// Submit makes the form take effect once. The one-time value belongs to the session, or to the cookie that
// forms without a session have.
func (v *Visit) Submit(once string, sum func() string) {
	if once == "" {
		return
	}
	caller, credential := "", ""
	if v.By != nil {
		caller, credential = v.By.UserID, v.By.Credential()
	} else if cookie, err := v.R.Cookie(v.kit.formCookieName()); err == nil {
		hash := sha256.Sum256([]byte(cookie.Value))
		caller = "visitor-" + base64.RawURLEncoding.EncodeToString(hash[:])
	}
	ctx, submission := v.kit.gate.Submit(v.R.Context(), change.Request{
		Caller: caller, Credential: credential, Operation: "page " + v.R.URL.Path, Key: once, Fingerprint: sum,
	})
	v.R, v.submission = v.R.WithContext(ctx), submission
}

// Fingerprint returns a hash of the contents of a form, without what differs when it is sent again.
func Fingerprint(form url.Values) string {
	form = maps.Clone(form)
	form.Del(CSRFField)
	form.Del(OnceField)
	form.Del(StepUpPassword)
	form.Del(keptPath)
	form.Del(keptPosted)
	hash := sha256.Sum256([]byte(form.Encode()))
	return base64.RawStdEncoding.EncodeToString(hash[:])
}

// sent completes a form: it stores where the form redirected to. If the form was sent before, it
// redirects there again.
func (k *Kit) sent(v *Visit, err error) error {
	if v.submission == nil {
		return err
	}
	if err == nil && v.location != "" {
		if storeErr := v.submission.Sent(v.R.Context(), v.outcome()); storeErr != nil {
			k.settings.Log.ErrorContext(v.R.Context(), "cannot store the redirect of a form", "error", storeErr)
		}
	}
	if err == nil {
		return nil
	}
	outcome, err := v.submission.Again(v.R.Context(), err)
	if err != nil {
		return err
	}
	return v.goToOutcome(outcome)
}

// outcome returns where the form led to, and what it said.
func (v *Visit) outcome() endpoint.Outcome {
	outcome := endpoint.Outcome{Location: v.location}
	if v.flash != nil {
		if said, err := json.Marshal(v.flash); err == nil && len(said) <= maxFlash {
			outcome.Said = said
		}
	}
	return outcome
}

// goToOutcome leads to where an earlier submission of the form led, and says the same there.
func (v *Visit) goToOutcome(outcome endpoint.Outcome) error {
	var flash Flash
	if len(outcome.Said) > 0 && json.Unmarshal(outcome.Said, &flash) == nil {
		v.flash = &flash
	}
	return v.GoTo(outcome.Location)
}

// Repeated says where the form leads if it is sent again, for a handler whose answer is shown only once.
func (v *Visit) Repeated(path string) { v.location = path }

// readForm reads a form without files and checks its CSRF token.
func (k *Kit) readForm(v *Visit) error {
	v.R.Body = http.MaxBytesReader(v.W, v.R.Body, maxForm)
	if err := v.R.ParseForm(); err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return fault.Wrap(err, fault.TooLarge, "The form is larger than %d MiB.", maxForm>>20)
		}
		return fault.Wrap(err, fault.Invalid, "The form could not be read.")
	}
	return v.Genuine(v.R.PostForm.Get(CSRFField))
}

// Genuine checks a form's CSRF token against the session, or against the cookie if there is no
// session.
func (v *Visit) Genuine(token string) error {
	token = unmasked(token)
	if v.By != nil && v.kit.gate.CSRFValid(*v.By, token) || v.By == nil && v.kit.formTokenValid(v, token) {
		return nil
	}
	return fault.New(fault.Forbidden,
		"This form is no longer valid. Open its page again, and make sure that your browser accepts cookies.")
}

// masked hides a token behind random bytes, new ones in every answer, because pages are compressed
// and repeat what was typed: the length of a compressed answer would tell whether a guess
// resembles the token (BREACH).
func masked(token string) string {
	mask := make([]byte, len(token))
	_, _ = rand.Read(mask) // never fails on the platforms that Go supports
	out := make([]byte, 2*len(token))
	copy(out, mask)
	subtle.XORBytes(out[len(token):], []byte(token), mask)
	return base64.RawURLEncoding.EncodeToString(out)
}

// unmasked returns the token; "" if it is not masked.
func unmasked(text string) string {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw)%2 != 0 {
		return ""
	}
	half := len(raw) / 2
	token := make([]byte, half)
	subtle.XORBytes(token, raw[half:], raw[:half])
	return string(token)
}
