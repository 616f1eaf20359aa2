package export_test

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/spreadsheet"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/profile"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// named returns the fields of an operator profile with a name.
func named(name string) profile.Fields {
	fields := profile.Defaults()
	fields.Name = name
	return fields
}

// exported exports the organizations of an MSP, or of the platform (""), and returns the file.
func exported(t *testing.T, e *apptest.Estate, by identity.Principal, mspID string, format spreadsheet.Format) string {
	t.Helper()
	e.Clock.Pass(time.Second) // consents have the second of their change
	created, err := e.Exports.Create(t.Context(), by, mspID, format)
	must(t, err)
	if _, key, err := e.Exports.Get(t.Context(), by, mspID, created.ID); err != nil || key != "" {
		t.Errorf("before the job is done, the file is %q, %v", key, err)
	}
	for range 2 { // messages may come twice
		for _, message := range e.Outbox() {
			if strings.Contains(string(message.Body), created.ID) {
				must(t, e.Jobs.Run(t.Context(), message))
			}
		}
	}
	_, key, err := e.Exports.Get(t.Context(), by, mspID, created.ID)
	must(t, err)
	file, err := e.Files.Open(t.Context(), key)
	must(t, err)
	defer file.Close()
	data, err := io.ReadAll(file)
	must(t, err)
	return string(data)
}

func rows(t *testing.T, text string, comma rune) [][]string {
	t.Helper()
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = comma
	all, err := reader.ReadAll()
	must(t, err)
	return all
}

func TestAnExportHasEveryOrganizationOfTheMSP(t *testing.T) {
	e := apptest.NewEstate(t)
	formula := e.NewOrg(e.MSP.ID, `=HYPERLINK("x"),1`)
	names := []string{"Retail", "Big"}
	var labels []string
	for _, name := range names {
		label, err := e.Tenants.NewLabel(t.Context(), e.Operator(), e.MSP.ID, tenant.LabelChange{Name: &name})
		must(t, err)
		labels = append(labels, label.ID)
	}
	_, err := e.Tenants.ChangeOrg(t.Context(), e.Operator(), e.Org.ID, tenant.OrgChange{Labels: &labels})
	must(t, err)
	edge, err := e.Profiles.Create(t.Context(), e.Operator(), named("Edge 7"))
	must(t, err)
	_, err = e.Tenants.ChangeOrg(t.Context(), e.Operator(), e.Neighbour.ID,
		tenant.OrgChange{Switches: map[tenant.Switch]bool{tenant.ImageManagement: true}})
	must(t, err)
	_, err = e.Profiles.Assign(t.Context(), e.Operator(), e.Neighbour.ID, edge.ID, true)
	must(t, err)
	reader := e.Person(e.MSP.Place(), identity.Read)
	text := exported(t, e, reader, e.MSP.ID, spreadsheet.Format{Separator: ";", ByteOrderMark: true})
	if !strings.HasPrefix(text, "\uFEFFid;name;msp;labels;account_number;contact_name;contact_email;contact_phone;created;"+
		"support_access;open_cases;image_management;pre_notifications;customer_alerts;bastion_state;operator_profile\r\n") {
		t.Errorf("it begins with %.190q", text)
	}
	all := rows(t, strings.TrimPrefix(text, "\uFEFF"), ';')[1:]
	if len(all) != 3 {
		t.Fatalf("there are %d organizations", len(all))
	}
	for _, row := range all {
		switch row[0] {
		case e.Org.ID:
			if row[1] != e.Org.Name || row[2] != e.MSP.Name || row[3] != "Big; Retail" || row[10] != "0" ||
				row[11] != "false" || row[12] != "false" || row[13] != "true" || row[15] != "" {
				t.Errorf("%q", row)
			}
		case e.Neighbour.ID:
			if row[15] != edge.Name {
				t.Errorf("%q", row)
			}
		case formula.ID:
			if row[1] != "'"+formula.Name {
				t.Errorf("a name that is a formula is %q", row[1])
			}
		}
	}
}

// TestAnExportHasTheContactMaskedWhereItIsNotForTheReader holds for an MSP whose customer has not consented
// to personal data.
func TestAnExportHasTheContactMaskedWhereItIsNotForTheReader(t *testing.T) {
	e := apptest.NewEstate(t)
	fields := extension.Fields{
		"account_number": json.RawMessage(`"A-17"`),
		"contact":        json.RawMessage(`{"name":"Ana Novak","email":["ana@rialto.example","it@rialto.example"],"phone":"+39 041"}`),
	}
	super := e.Person(e.MSP.Place(), identity.Admin)
	own := e.Person(e.Org.Place(), identity.Admin)
	_, err := e.Tenants.ChangeSetting(t.Context(), own, e.Org.ID, tenant.SettingChange{Fields: fields})
	must(t, err)
	contact := func() string {
		for _, row := range rows(t, exported(t, e, super, e.MSP.ID, spreadsheet.Format{}), ',')[1:] {
			if row[0] == e.Org.ID {
				return strings.Join(row[4:8], " ")
			}
		}
		return ""
	}
	for granted, want := range map[bool]string{
		true: "A-17 Ana Novak ana@rialto.example; it@rialto.example '+39 041", false: "A-17 A… N… a…@rialto.example; i…@rialto.example …",
	} {
		_, err := e.Tenants.ChangeConsent(t.Context(), e.Fresh(own), e.Org.ID, tenant.Decision{
			Kind: identity.PersonalData, Grantee: identity.ToMSP, Granted: granted,
		})
		must(t, err)
		if got := contact(); got != want {
			t.Errorf("with the consent %v: %q, want %q", granted, got, want)
		}
	}
}

// TestAnExportIsRefusedOnceAnOrganizationHasWithdrawnAConsent holds for the contacts and the numbers of
// cases that an MSP has in the file of a day.
func TestAnExportIsRefusedOnceAnOrganizationHasWithdrawnAConsent(t *testing.T) {
	for _, kind := range []identity.ConsentKind{identity.PersonalData, identity.SupportAccess} {
		e := apptest.NewEstate(t)
		super, own := e.Person(e.MSP.Place(), identity.Admin), e.Person(e.Org.Place(), identity.Admin)
		e.Clock.Pass(time.Second) // consents have the second of their change
		created, err := e.Exports.Create(t.Context(), super, e.MSP.ID, spreadsheet.Format{})
		must(t, err)
		for _, message := range e.Outbox() {
			if strings.Contains(string(message.Body), created.ID) {
				must(t, e.Jobs.Run(t.Context(), message))
			}
		}
		e.Clock.Pass(time.Second)
		_, _, err = e.Exports.Get(t.Context(), super, e.MSP.ID, created.ID)
		must(t, err)
		_, err = e.Tenants.ChangeConsent(t.Context(), e.Fresh(own), e.Org.ID, tenant.Decision{Kind: kind, Grantee: identity.ToMSP})
		must(t, err)
		_, key, err := e.Exports.Get(t.Context(), super, e.MSP.ID, created.ID)
		e.Wants(fault.Conflict, err)
		if key != "" {
			t.Errorf("%s: the file is still %s", kind, key)
		}
	}
}

// TestTheExportOfATokenHasWhatTheTokenSees holds for an organization that takes tokens only from its own
// networks: it is not in the job of a token from elsewhere either.
func TestTheExportOfATokenHasWhatTheTokenSees(t *testing.T) {
	e := apptest.NewEstate(t)
	own, super := e.Person(e.Org.Place(), identity.Admin), e.Person(e.MSP.Place(), identity.Admin)
	_, err := e.Tenants.ChangeSetting(t.Context(), own, e.Org.ID, tenant.SettingChange{Fields: extension.Fields{
		"api_policy": json.RawMessage(`{"src_ips":["198.51.100.0/24"]}`),
	}})
	must(t, err)
	_, session := e.LogIn(super)
	_, secret, err := e.Accounts.CreateToken(t.Context(), session, identity.NewToken{Name: "ci", Password: apptest.Password})
	must(t, err)
	for source, want := range map[string]string{"198.51.100.7": "0", "192.0.2.1": ""} {
		token, err := e.Accounts.ByToken(t.Context(), secret, source)
		must(t, err)
		for _, row := range rows(t, exported(t, e, token, e.MSP.ID, spreadsheet.Format{}), ',')[1:] {
			if row[0] == e.Org.ID && row[10] != want {
				t.Errorf("from %s, the number of open cases is %q", source, row[10])
			}
		}
	}
}

func TestThePlatformExportsTheOrganizationsOfAllMSPsAndDirectCustomers(t *testing.T) {
	e := apptest.NewEstate(t)
	all := rows(t, exported(t, e, e.Operator(), "", spreadsheet.Format{}), ',')[1:]
	var ids []string
	for _, row := range all {
		ids = append(ids, row[0])
		if row[10] != "" {
			t.Errorf("an operator, who sees no cases, gets their number: %q", row)
		}
	}
	for _, org := range []tenant.Org{e.Org, e.Neighbour, e.Foreign, e.Direct} {
		if !slices.Contains(ids, org.ID) {
			t.Errorf("%s is missing", org.Name)
		}
	}
	if len(ids) != 4 {
		t.Errorf("there are %d rows", len(ids))
	}
}

func TestAnExportIsForWhoRequestedIt(t *testing.T) {
	e := apptest.NewEstate(t)
	super := e.Person(e.MSP.Place(), identity.Admin)
	created, err := e.Exports.Create(t.Context(), super, e.MSP.ID, spreadsheet.Format{})
	must(t, err)
	for _, by := range []identity.Principal{e.Operator(), e.Person(e.MSP.Place(), identity.Read), e.Person(e.ForeignMSP.Place(), identity.Admin)} {
		_, _, err := e.Exports.Get(t.Context(), by, e.MSP.ID, created.ID)
		e.Wants(fault.NotFound, err)
	}
	_, _, err = e.Exports.Get(t.Context(), super, "", created.ID)
	e.Wants(fault.Forbidden, err)
	for _, by := range []identity.Principal{e.Person(e.Org.Place(), identity.Admin), e.Person(e.ForeignMSP.Place(), identity.Admin)} {
		_, err := e.Exports.Create(t.Context(), by, e.MSP.ID, spreadsheet.Format{})
		e.Wants(fault.NotFound, err)
		_, err = e.Exports.Create(t.Context(), by, "", spreadsheet.Format{})
		e.Wants(fault.Forbidden, err)
	}
}

func TestASeparatorIsOneCharacterButNoQuoteAndNoLineBreak(t *testing.T) {
	e := apptest.NewEstate(t)
	for _, separator := range []string{"ab", `"`, "\n", "\r", "\x00", "\xff", "äö"} {
		_, err := e.Exports.Create(t.Context(), e.Operator(), "", spreadsheet.Format{Separator: separator})
		e.Wants(fault.Invalid, err)
	}
	for _, separator := range []string{"\t", "|", "ä"} {
		text := exported(t, e, e.Operator(), e.MSP.ID, spreadsheet.Format{Separator: separator})
		if got := rows(t, text, []rune(separator)[0]); len(got) != 3 || len(got[0]) != 16 {
			t.Errorf("%q: %q", separator, got)
		}
	}
}
