# Run by root in a Debian system that was started before, with a user network;
# /mnt/pogo.list says where the host serves a package.

. /mnt/check.sh

systemctl start systemd-networkd-wait-online
check "the network is there" 0 $?
check "DHCP gave an address" 10.0.2.15 \
    "$(ip -4 -o address show scope global | sed 's|.*inet \([0-9.]*\)/.*|\1|')"
check "and a way out" "default via 10.0.2.2" \
    "$(ip route show default | cut -d' ' -f1-3)"
check "what an earlier start did is there" student "$(id -un student)"

export DEBIAN_FRONTEND=noninteractive
rm /etc/apt/sources.list.d/*
cp /mnt/pogo.list /etc/apt/sources.list.d/
apt-get -q update
check "apt-get update" 0 $?
apt-get -q -y install pogo-greeting
check "apt-get install" 0 $?
check "dpkg has what was served" "install ok installed 1.0" \
    "$(dpkg-query -W -f '${Status} ${Version}' pogo-greeting)"
check "and its program runs" "hello from a package" "$(pogo-greeting)"
check "a large file arrives whole" 0 \
    "$(cd /usr/share/pogo && sha256sum --quiet -c sum; echo $?)"
finish
