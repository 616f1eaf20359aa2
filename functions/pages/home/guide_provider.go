package home

import "github.com/tenantry/tenantry/functions/pages/kit"

// guidesOfProviders returns the guides of the pages of tenants, mail, the desk and the platform's health.
func guidesOfProviders(v *kit.Visit) []guide {
	return []guide{
		{"/labels/{label}", v.T("Labels"), []answer{
			{v.T("What happens to the organizations?"), v.T("They stay as they are. A new name shows everywhere at once; a deleted label disappears from them.")},
		}},
		{"/labels", v.T("Labels"), []answer{
			{v.T("What are labels for?"), v.T("They group the organizations of an MSP, such as those of a region, so that lists can be filtered and many changed at once. Customers do not see them.")},
			{v.T("Can somebody work for some customers only?"), v.T("Yes: invite the person with a role at a label. It holds in the organizations that have the label at the moment, and ends when the label is deleted.")},
			{v.T("How do I label many organizations?"), v.T("Tick them in the list of organizations, or take all that match its filter, and choose Label.")},
		}},
		{"/tiers", v.T("Tiers of MSPs"), []answer{
			{v.T("What happens if I raise a tier?"), v.T("MSPs of a lower tier keep what they made with the feature, and can no longer change it.")},
		}},
		{"/orgs", v.T("Organizations"), []answer{
			{v.T("How do I bring a customer in?"), v.T("Create the organization, then invite its first administrator, who decides what you may do there.")},
			{v.T("Why do I not see its cases?"), v.T("The organization has not allowed support access, or has taken it back. Ask for it on its page Consents.")},
		}},
		{"/settings", v.T("Settings"), []answer{
			{v.T("What does the name change?"), v.T("All pages and mails show the new name at once. Links and addresses stay.")},
		}},
		{"/setting", v.T("Contact and security"), []answer{
			{v.T("Can I lock myself out?"), v.T("No. The networks are for API tokens only, and whoever has an old password sets a new one in their account.")},
			{v.T("For whom is the rule for passwords?"), v.T("For everybody with a role in the organization itself, when they set a password the next time. The provider's people keep the rules of the platform.")},
		}},
		{"/quarantine/{mail}", v.T("A quarantined mail"), []answer{
			{v.T("May I release it?"), v.T("Only if you know that its sender wrote it: a released mail goes into the case like any other. The page says why it was kept out.")},
			{v.T("What is a replay?"), v.T("The mail is judged again, as if it had just arrived. Mend the reason first, such as a missing invitation.")},
		}},
		{"/quarantine", v.T("The quarantine"), []answer{
			{v.T("Why are mails here?"), v.T("Nothing proves who sent them, or they belong to no case and no customer. Nothing is lost: each is kept for 90 days.")},
		}},
		{"/blocked", v.T("Blocked senders"), []answer{
			{v.T("What happens to their mails?"), v.T("They are quarantined with this reason, and nobody is told. A domain includes its subdomains.")},
		}},
		{"/desk/service-levels", v.T("Service levels"), []answer{
			{v.T("When does the clock run?"), v.T("In the hours of the calendar, while a case is open. It stops while the customer has to act.")},
			{v.T("Which cases get new targets?"), v.T("All open ones, from now on: their promised times are counted anew.")},
		}},
		{"/desk", v.T("The desk"), []answer{
			{v.T("What if I remove a value from a list?"), v.T("Cases keep it, and nobody can choose it any more.")},
		}},
		{"/answers", v.T("Prepared answers"), []answer{
			{v.T("Who uses them?"), v.T("Agents, under the text field of a case: the answer is put in there and can be changed before it is sent.")},
		}},
		{"/health", v.T("Queues"), []answer{
			{v.T("What is normal?"), v.T("Queues are empty or nearly so. If the oldest message waits for minutes, something is slow; if it fails, it becomes a dead letter.")},
		}},
		{"/dead_letters", v.T("Dead letters"), []answer{
			{v.T("What is a dead letter?"), v.T("A message that no worker could process, with the reason. Mend the cause, then replay it; discard it only if what it asks for is done or no longer wanted.")},
		}},
		{"/index", v.T("The search index"), []answer{
			{v.T("When do I rebuild it?"), v.T("When searches miss cases that exist. Searches use the present index until the new one is ready.")},
		}},
	}
}
