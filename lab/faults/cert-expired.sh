# shellcheck shell=bash disable=SC2034,SC2016
host=akira-mgmt-01-staging
severity=SEV2 subsystem=certificate
shows='a certificate that ended yesterday is served: browsers refuse the pages'
# Only the running Caddy is told: its file is untouched, so a reload makes it look at its own certificates again.
cause() {
  on $host 'set -e
    rm -rf /run/akira-expired && mkdir /run/akira-expired && cd /run/akira-expired
    touch index
    printf "%s\n" "[ca]" "default_ca = lab" "[lab]" "database = index" "rand_serial = yes" "new_certs_dir = ." "default_md = sha256" \
      "policy = any" "x509_extensions = names" "[any]" "commonName = supplied" "[names]" \
      "subjectAltName = DNS:mgmt.akira-staging.asheep.it, DNS:grafana.akira-staging.asheep.it" >settings
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=mgmt.akira-staging.asheep.it -keyout key -out request 2>/dev/null
    openssl ca -batch -notext -config settings -in request -out leaf -cert /etc/caddy/authority/pages.crt -keyfile /etc/caddy/authority/pages.key \
      -startdate "$(date -u -d "91 days ago" +%Y%m%d%H%M%SZ)" -enddate "$(date -u -d "1 day ago" +%Y%m%d%H%M%SZ)" 2>/dev/null
    cat leaf /etc/caddy/authority/pages.crt >certificate
    chown -R caddy: .
    sed "s|import own_certificate|tls $PWD/certificate $PWD/key|" /etc/caddy/Caddyfile >Caddyfile
    caddy reload --force --config Caddyfile --adapter caddyfile 2>/dev/null'
}
mend() { on $host 'systemctl reload caddy && rm -rf /run/akira-expired'; }
