package change

// ActorKind is the kind of an actor.
type ActorKind string

// The kinds of actor.
const (
	Person   ActorKind = "person"   // someone with a session
	Token    ActorKind = "token"    // a program with an API token
	Platform ActorKind = "platform" // Tenantry itself
	Stranger ActorKind = "stranger" // unknown: a failed log-in, mail from outside
)

// Actor is who made a change, as recorded in the audit log. Every change needs one;
// identity.Principal returns it for people and tokens.
type Actor struct {
	Kind ActorKind `json:"kind"`
	// ID is the person's ID, also if a token of that person acted.
	ID string `json:"id,omitempty"`
	// TokenID is the API token used, if any.
	TokenID string `json:"token_id,omitempty"`
	Name    string `json:"name,omitempty"`
	Email   string `json:"email,omitempty"`
	// SourceAddress is the network address that the request came from.
	SourceAddress string `json:"src_ip,omitempty"`
	// Provider is set if the person works for an MSP or the platform: customers who read the log do
	// not see the address then.
	Provider bool `json:"provider,omitempty"`
	// Door is how the actor reached Tenantry: "api" or "mail".
	Door string `json:"door,omitempty"`
}

// ByPlatform returns the actor for what Tenantry does on its own.
func ByPlatform() Actor { return Actor{Kind: Platform, Name: "Tenantry"} }
