#!/bin/sh
# multicast.sh FLOWD SOFTFLOWD CAPTURE CONFIGURATION TARGET LOG RECORDS
# In a network of its own, with one interface: flowd joins a group there, softflowd exports the capture to it.
# Run by: unshare --map-root-user --net
set -eu
flowd=$1 softflowd=$2 capture=$3 configuration=$4 target=$5 log=$6 records=$7
ip link set lo up
ip link add mc0 type veth peer name mc1
ip address add 198.51.100.1/24 dev mc0
ip -6 address add fe80::1/64 dev mc0 nodad
ip link set mc0 up multicast on
ip link set mc1 up
ip route add 239.0.0.0/8 dev mc0

"$flowd" -g -X INSECURE -f "$configuration" &
id=$!
trap 'kill $id 2>/dev/null; wait $id' EXIT
for _ in $(seq 100); do [ -e "$log" ] && break; sleep 0.05; done
sleep 0.2
"$softflowd" -r "$capture" -n "$target" -v 9 -d -c none -p "$log.pid"
for _ in $(seq 100); do [ "$(stat -c %s "$log")" -ge "$((records * 8))" ] && break; sleep 0.05; done
