package mail_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/incoming"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/tenant"
)

// branded gives the MSP a logo, and returns it as it is stored.
func (w *world) branded() []byte {
	w.t.Helper()
	tier := tenant.AdvancedTier
	_, err := w.Tenants.ChangeMSP(w.t.Context(), w.Operator(), w.MSP.ID, tenant.MSPChange{Tier: &tier})
	w.must(err)
	var picture bytes.Buffer
	w.must(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 300, 48))))
	_, err = w.Logos.Change(w.t.Context(), w.Operator(), w.MSP.ID, picture.Bytes())
	w.must(err)
	return w.Logos.ForMail(w.t.Context(), w.MSP.ID).PNG
}

// pictures returns the files in a mail.
func (w *world) pictures(one sent) []parsed.Attachment {
	w.t.Helper()
	read, err := incoming.Parse(w.t.Context(), bytes.NewReader(one.Raw), incoming.Limits{})
	w.must(err)
	return read.Attachments
}

func TestMailsOfAnMSPsOrganizationsComeWithItsLogo(t *testing.T) {
	w := newWorld(t)
	logo := w.branded()
	c := w.newCase("No Wi-Fi")
	w.Invite(w.Org.Place(), identity.Read, "new@rialto.example.net")
	w.Invite(w.MSP.Place(), identity.Read, "new@adria.example.net")
	w.sendAll()
	w.comment(w.agent, c, "We look into it.")
	w.sendAll()
	for _, to := range []string{w.customer.Email, "new@rialto.example.net", "new@adria.example.net"} {
		files := w.pictures(w.last(to))
		if len(files) != 1 || !bytes.Equal(files[0].Content, logo) || !files[0].Inline {
			t.Errorf("%s got %d files", to, len(files))
		}
	}
	raw := strings.ReplaceAll(string(w.last(w.customer.Email).Raw), "=\r\n", "")
	for _, want := range []string{"multipart/related", "Content-Id: <logo.", `src=3D"cid:logo.`, `width=3D"200" height=3D"32"`} {
		if !strings.Contains(raw, want) {
			t.Errorf("the mail does not have %s:\n%s", want, raw)
		}
	}
}

func TestMailsAboutAnAccountHaveNoLogo(t *testing.T) {
	w := newWorld(t)
	w.branded()
	w.must(w.Accounts.Recover(t.Context(), w.customer.Email, "192.0.2.1"))
	w.sendAll()
	if files := w.pictures(w.last(w.customer.Email)); len(files) != 0 {
		t.Errorf("%d files", len(files))
	}
}

func TestAMailGoesWithoutALogoThatCannotBeRead(t *testing.T) {
	w := newWorld(t)
	w.branded()
	w.must(w.Files.Delete(t.Context(), w.Logos.ForMail(t.Context(), w.MSP.ID).Key))
	w.newCase("No Wi-Fi")
	w.sendAll()
	if files := w.pictures(w.last(w.customer.Email)); len(files) != 0 {
		t.Errorf("%d files", len(files))
	}
}

func TestTheLogoThatAnAnswerSendsBackIsNotKept(t *testing.T) {
	w := newWorld(t)
	logo := w.branded()
	c := w.newCase("No Wi-Fi")
	w.sendAll()
	other := append([]byte(nil), logo...)
	other = append(other, 0)
	part := func(id string, content []byte) string {
		return fmt.Sprintf("--b\nContent-Type: image/png; name=\"%s.png\"\nContent-Disposition: inline; filename=\"%s.png\"\n"+
			"Content-ID: <%s>\nContent-Transfer-Encoding: base64\n\n%s\n", id, id, id,
			base64.StdEncoding.EncodeToString(content))
	}
	w.arrive(w.customer.Email, w.replyTo(),
		"From: "+w.customer.Email+"\nTo: "+w.replyTo()+"\nSubject: Re: No Wi-Fi\nMessage-ID: <1@rialto.example.net>\n"+
			"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"+
			"--b\nContent-Type: text/html\n\n<p>Thanks</p><img src=cid:one><img src=cid:two>\n"+
			part("one", logo)+part("two", other)+"--b--\n")
	var names []string
	for _, file := range w.detail(c).Files {
		names = append(names, file.Name)
	}
	if len(names) != 1 || names[0] != "two.png" {
		t.Errorf("kept %v", names)
	}
}
