package change

// ActorKind says what sort of principal acted.
type ActorKind string

// The kinds of actor.
const (
	Person   ActorKind = "person"   // someone with a session
	Token    ActorKind = "token"    // a program with an API token
	Platform ActorKind = "platform" // Tenantry itself
	Stranger ActorKind = "stranger" // nobody known: a failed log-in, a mail from outside
)

// Actor is who made a change, as the audit log keeps it. It is required for every
// change; identity.Principal gives it for people and tokens.
type Actor struct {
	Kind ActorKind `json:"kind"`
	// ID is the person's id, also where a token of that person acted.
	ID string `json:"id,omitempty"`
	// TokenID is the API token that was used, if one was.
	TokenID string `json:"token_id,omitempty"`
	Name    string `json:"name,omitempty"`
	Email   string `json:"email,omitempty"`
	// SourceAddress is the network address that the request came from.
	SourceAddress string `json:"src_ip,omitempty"`
	// Provider is set where the person works for an MSP or the platform: the customers whose log
	// the entry stands in do not see the address then.
	Provider bool `json:"provider,omitempty"`
	// Door is how the actor came in: "api" or "mail".
	Door string `json:"door,omitempty"`
}

// ByPlatform is the actor for what Tenantry does on its own account.
func ByPlatform() Actor { return Actor{Kind: Platform, Name: "Tenantry"} }
