"""English words that error messages are made of: what stands where a name would, and is none of these, is a name."""

from __future__ import annotations

from typing import Final

# Taken from the words of this project's own knowledge base; words that people call their programs by are left out.
ENGLISH: Final = frozenset(
    """
    ability able abnormal abort aborted about above absent absolute abuse accept acceptable accepted accepts accessed
    accessible accessing accesstoken according accounts acl acquire acquired acquiring acquisition across acs act
    action actions activate activated activation activities activity acts ad adapter add added adding addresses adds
    administrative administrator administrators admins admit admits admitted ads advance advanced advertised
    advertiser affected afford after afterwards again against agency agent agentid agents ago agree agreed agreement
    ahead alert alias alike alipay alive all allocated allowing allowlist allows alone along already also altered
    although always among amplify an and anew anon anonymous anonymously another answer answered answers anything
    anyway apart apikey appeal appear appears append appid appkey apple applicable applications applied applies apply
    appropriate approve approved approves apps appsecret are args argument arguments around array arrears arrive
    arrived arrives arrow ask asked asking asks assert assertions assign assigned assignment assignments associated
    asymmetric async asynchronous athlete attach attached attack attackers attempt attempted attempting attempts
    attestation audiences audit authenticates authenticating authenticity author authorisation authorise authorised
    authorises authorities authorizations authorizer authorizing auto automatic automatically automation availability
    available await away aws axios az azd azurerm back background backoff bad balance balancer ban bank banned bare
    based batch bcrypt be bean beats became because become becomes been before began beginning begins begun behalf
    behavior behind being believe belong belongs below beside besides best better between big bill billed binding
    bindings binds bits blacklist blame blank blanks blob block blocked blocker blocking blocks bodies bookmark
    bookmarked bookmarks bootstrap bot both bots bought boundary box brackets branch branches brand breach break
    breaks bring brings broken broker brokers brought browsers browsing bucket buckets budget bug build builder
    building builds built bulk bundle bundled bundler business busy but button buy buyer bypass byte bytes cache
    cached caches calculated calendar call callbacks called callers calling calls came can canceled cancelled cancels
    cannot canonical cant capabilities capability capital card cards carried carries carry case cases catch category
    caught cause caused causes center centrally centre certain certificates certification chain challenges change
    changed changes changing character characters charged charset cheaper checked checking checkout checkpoint checks
    checksum choice choose chose chosen chrony cipher ciphertext class classic clean clear cleared click clicks
    clients clock clocks clone close closes closing cloud cloudflare cloudflared clouds cluster clusters codestral
    coding coerced collection colon colons column columns combination come comes comma command commands commas comment
    comments commit commits common community compact company compare compared compares comparison compatible complete
    completed completing complexity compliant comply component components compose compromised compute computed
    computer computes concurrent condition conditional conditions confidential config configuration configurations
    configure configured configuring confirmation confirmed conform connected connecting connections connector
    connects consecutive consented consents consider console constraint constructor consumer consumers contact
    contacts contain contained container containerd containers contains contents contexts continue contract contradict
    control controller controllers controls conversation convert cookies copied copies copy core corpid correct
    correctly correlation corresponding corrupt corrupted could couldn count counted countries country counts cover
    covered covers crash creates creating creation creator credit credits creds critical cron crypto cryptographic
    cryptography curl currently custom customer customers cut cuts cycle daemon daily damaged dash dashboard database
    databases dataset datasets dates day days db deactivated dead deadlock debug debugger debugging decides declare
    declared decode decoded decoding decommissioned decrypt decrypted decryption deemed defaults defenses define
    defined definitions delegated delegation deleted deletes deletion delimiter delimiters delivers delivery demand
    demanded demands demo denied denies deny department departments depend depends deploy deployed deployer deploying
    deployment deploys deprecated derived desc deserialize desired desktop destination detail detect detected
    detection determine dev developer developers development devices dial dialing dialog dict did didn die died dies
    differ difference different differently differs digit digital digits ding directly directory disabled disagree
    disallowed disallows disconnect disconnected discontinued discover disk display distributed distribution do docker
    docs document documentation documents does doesn doesns doing domains don done dot dotenv dots double doubled down
    downloaded downloads draft drift driver drop dropped drops due dumps duplicate duration during dws dynamic each
    earlier early edit edited editing edition editor edits effect effects egress either elapsed elastic elasticsearch
    element elements eligible else elsewhere emails embedded embeddings emergency empties empty emulator enables
    encode encoded encoder encoding encountered encrypt encrypts ended ending ends enforced enforces engine enough
    enroll enrolled enrollment ensure enter entered enterprise entire entries env envelope environment environments
    ephemeral epoch equal equals err errcode errno error errors escape escaped establish established eu even events
    ever every everybody everyone everything everywhere exact exactly example exceed exceeded exceeding exceeds except
    exception exchanged exchanges exchanging exclude excluded excludes exclusive exec executable execute executing
    execution executor exempt exhausted existence existing exit exited exits expect expecting expects experience
    expired expiring expiry explicit explicitly exported exposed exposing expression ext extend extended extension
    extensions extra extract fail failed failing fails failure failures fall fallback falls false far fast faster
    fatal fault fe feature features feed feeds fetched fetches fetching few fewer fields filename files fill filled
    filter final finance find finds fine fingerprint finish finished firewall fit fits fitting five fix fixed flag
    flagged flags flows folder follow followed following follows forbidden forbids force foreign fork forks form
    formatted formed former formerly forms forward forwarded four fragment frame framed framework free freeze
    frequency fresh freshly front frozen fulfill fully function functions funds further future gain gains gated
    gateway gave gcloud gen general generate generated generic gets getting gh git give gives global go goes gone good
    goodbye google googleapi gopay got government granting grantless granular graph greater growing gsutil guard
    guardrail guess guest guests guidelines had half halves hand handle handled handler handlers handling hands
    handshake hang hangs hapikey happen happens has hash hashed hashes hasn have having headless health held help
    helper helps here hex hidden hide hides high higher hints history hit hold holds home hook hop hosted hosting
    hostname hosts hour hours how however hung hvac hybrid icon idempotent identical identified identifiers identities
    idle ietf if iframe ignore ignored ignores illegal image images immediately impacket impersonate impersonated
    impersonates implemented import imported inactivity include included includes including incoming incompatible
    incomplete incorrect incorrectly increase indentation index indicate indicated indicates indices individual
    individuals inference information inherit init initial initialization initialize initialized initiate injection
    inner input inputs insert inserted inside inspect instagrapi installed installs instaloader instances instantiate
    instead instructions insufficient integration integrations intended intents interactively interceptor interface
    interfaces intermediate international internet interrupt interrupted interval into invalid invalidate invalidated
    invisible invitation invite invited invoice invoices invoked invoker involved ioredis isn isolated issue issuers
    issues issuing it item its itself jjwt job jobs join joined joining jsapi jsonwebtoken judged jumps just kafka
    keep keeps kept kernel keychain keyring keystore keytab keyword keywords killed kin kinds kinit know known
    knownhosts knows kubeadm kubeconfig kubectl kubelet kubelogin kubernetes label lack lacks lapsed large larger
    lasting lasts late later latest layers ldapsearch lead leader leading leak leaked lease least leave leaves leeway
    left legacy lego lengths less let lets letter letters levels libpq libraries library librdkafka librespot licence
    licences license lie lies life lifetime lift lifts like likely likewise limits line lines linked linkedin linking
    links listed listen listener listens listing lists literal literally live lived lives load loaded loading loads
    local localhost locally locate location lock locked locking lockout logfile logging logins logon logs long longer
    look looked looking looks lookup loop loopback loops loses lost low lower machine machines made magic mail mailbox
    mailboxes mails main mainland maintained maintainer major make maker makes making malformed malicious managed
    management mandatory manifest manifests manual many map mapped mapper mappings maps mark marked market masked
    master matched matches matching material matter maximum may maybe mchid me mean meaning means meant meanwhile
    mechanism mechanisms mechs meet meeting memory mend menu merchant merchants mere merge messages messaging met
    methods metrics middle middleware midnight might migrate migrated migration milliseconds mind mini minimum mint
    minus minute minutes mirror misconfigured mismatch missing misspelled misspelt mistake mistyped misuse mix mixed
    mobile model models moderation moderator modern modes modify module modules moment money mongosh monitoring month
    monthly months more most mostly mount mounted move moved msg much multipart multiple multitenant must mutual mysql
    na named names namespace namespaces naming narrow native near nearly necessary need needs negative negotiate
    negotiation neither nested network networking networks never new newer newest newline newlines next ng nginx ngrok
    nightly nobody node nodemailer nodes non nor normal note notebook nothing notice notification notifications now
    npm numbers numeric oasis oauthlib objects obtain obtained obtaining occur occurred octokit odd of off offer
    offered offers office official offset often ok old older onboarding once one ones online opaque opened opening
    opens operate operated operations operator options ordinary organisation organizational organizations orgs
    original originating origins orphan others otherwise our out outage outbound outcome outdated outgoing output
    outside over overdue overflow overlap overload override overrides overwrite overwritten owes own owned owners
    ownership owning owns packages packet packets padding page pages paid pair pairs panel panic parallel paramter
    parsed parser parsing part partition partner parts passed passes passing passphrase passwords past paste pasted
    paths pattern pause paused pauses pay payee pays peer pending people per perform performed performing perhaps
    period permanent permit permits persists personal pgjdbc pick picked picker pip pipe pipeline pipelines place
    placeholder places plan plane plans platform platforms playground playlists plays please plugin plus pnpm pod
    podman pods point points policies poll polling polls pool pooler pools popup popups portal ports possible posted
    posting posts pq pre preauth precedence preferences prefetch prefix prefixed preflight prematurely premises
    premium prepaid prepare present presented presigned press pressed prevent prevented prevents preview previously
    price primary principals print printed prints prior privacy probably problem proceed process processed processes
    processing producer producers product production products program programmatic programs prohibited projected
    projects prompts proper properly properties property protect protection protects protocol provide provided
    providers proxies psql publickey publicly publishable published publisher publishing pulls purchase purchased
    pushed pushes puts quality queries question queue queued queues quit quorum quote quoted quotes race raise raises
    ram ran random range ranges rarely rates rather rclone re reach reachable reached reaches reactivate readable
    reading reads ready real really realms reasonable reasons reauth reauthenticate rebuild received receiver receives
    receiving recent recently recharge recipient recognised recognized recommend recommended reconnect records recover
    recovery recreate red redeem redeemed redeems redemption redeploy redirected redirection redirects redis ref refer
    reference references referrals referrer referrers refers refreshed refreshes refreshing refusal refuse refused
    refuses refusing regenerate regenerated regional regions registering registers registrations registry regular
    reinstall reinstalled reject rejected rejects related relation relationship relationships relative relay release
    releases relies reload reloaded reloading relying remain remaining remains remotes remove removed removes renamed
    renew renewable renewal renewed renewing renews repeat repeated replace replaced replay replayed replica replicas
    replication repo report reported repos repositories repository representing req requester requesting required
    requirement requirements requires requiring resend reserved resets resetting residency residential resolve
    resolved resolves resolving resources responded responding restart restarted restore restored restrict restricted
    restriction restrictions restricts resulted retired retried retries retrieval retrieve retrieving retrying
    returned returning returns reusable reuse reused reverse review reviewed revision revocation revoked revokes
    rewrite rewrites rewriting rid right risk risks risky robot robots roll rollback rolled rollover rootless rotated
    rotates rotating rotation round route router routes routine routines routing row rows rpc run runner runners
    running runs runtime said same sample sampled samples sandbox satisfied satisfy save saved saving saw say says
    scan scanner scanners scenario schedule schemes school scoped screen script scripts searched seat second seconds
    section see seed seeded seeing seems seen sees segment segments seldom selected selection self seller
    sellingpartnerapi senders sending sends sensitive sent sentry separate separated separately separator serial
    serialization serialize serve served serverless servers serves services sessions sets setting settings settle
    setup several severity shadow shall share sharing sheet shell shells shops short shorter shortly should show shown
    shows shut shutdown shuts side sides signal signatures signin signs silent similar simple simulator since single
    sites six size skip skipped slack slash sleep slept slow slower slug slugs small smaller smart so social socket
    software solution solve some somebody someone something sometimes soon sorry sorted sources spaces spam span
    speaks special specific specifically specified specify specifying speech spelled spelling spend spending spent
    split spoof spotipy ssh sshd sslmode stack staff stage stale stalled stand standard standby standing stands
    started starting starts starttls startup stateless statement states static stay stays steps sticky still stop
    stopped stops stored storefront stores storing str straight strangers strategy strava stray stream streaming
    strict string strings strip strips strong subaccount subcode subdomain submission submitted submodule submsg
    subnet subreddit subreddits subscribed subscriptions subset subuser succeed succeeded succeeds successful
    successfully successor such sudo sufficient suffix suitable suite supabase supergroup superuser supplied support
    supports sure surely suspended suspicious swapped switch switched switches symmetric sync synchronise
    synchronization synchronize synchronized synchronous syntax systemd tab table tables tabs tags take taken takes
    talk tap targets task tc tcp teams telegram tell tells template temporarily ten tenants terminal terminate
    terminated terraform tested tester testers testing tests text than that the their theirs them themselves then
    there these they things think third this those though thread three threshold threw throttle throttled through
    throw throwing thrown throws thumbprint thus tick ticked ticket tie tier tile till timed timeframe timeout timer
    times title today together told tolerance took tool toolkits tools top topics total tracking traffic trailing
    transfer treat trial tried tries trigger triggered trim trouble troubleshooting true truncated truststore try
    trying tuned tunnel tunneling tunnels turn turned turns twice twurple typed types typing typo unable unacceptable
    unattended unaudited unauthenticated unauthorized unavailable unblock unchanged unconfirmed undefined under
    underscores understand understood undo unencoded unescaped unexpected unhashed uninitialized uninstalled unit
    universal unix unknown unless unlimited unlock unofficial unpaid unpublished unreachable unread unrecognized
    unregistered unsafe unset unsigned unspecified unsuccessful unsupported unsure untick unticked untrusted unusable
    unused unverified unwrap up updated updates updating upgraded upgrading uploaded uploading uploads upper upstream
    urlencoded urn us usable userid uses using usual usually validated validating validator variable variables vault
    ve vendor verb verifies verifying versions very vhost video videos views violated violates violation violations
    virtual visible visiting visitor void volume wait waiting waits want wanted wants warn warning was wasn watch way
    ways we weak webhooks websites websocket wechat weibo well went were weren what whatever when where wherever
    whether which while white whitelist whitelisted whitespace who whole whose why widen wider widget wiki wildcard
    will win window windows wins withdrawn withdrew within without word words work worked worker workflow workflows
    working workload works workspace workspaces worthy would wrangler wrap wrapped wrapper wrapping writable writeback
    writes writing written wrongly wrote www yearly yes yet you your yours yourself youtube zero zones zoom
    """.split()
)
