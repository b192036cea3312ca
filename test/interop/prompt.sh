#!/bin/sh
# A codec's prompt for OpenSSH's server: banner, echo off, one status, and a text with its length in front, whose hash
# it tells. Everything else is answered like a word that a codec does not know.
printf 'Welcome to \nCisco Codec Release RoomOS 11.27.2.0 0123456789a\n*r Login successful\n\nO'
sleep 0.05
printf 'K\n\n'

tag() { printf '%s' "$1" | sed -n 's/.*resultId="\([0-9]*\)".*/\1/p'; }

while IFS= read -r line; do
  case $line in
    'echo off') printf '\nOK\n' ;;
    xpreferences*) ;;
    bye) exit 0 ;;
    '{'*'}'*)
      size=${line#\{}
      text=$(mktemp)
      head -c "${size%%\}*}" >"$text"
      id=$(tag "$(head -n 1 "$text")")
      hash=$(sha256sum <"$text" | cut -d ' ' -f 1)
      rm -f "$text"
      printf '{"CommandResponse":{"MacroSaveResult":{"status":"OK","Hash":{"Value":"%s"}}},"ResultId":"%s"}\n' "$hash" "$id"
      ;;
    'xStatus SystemUnit ProductId '*)
      printf '{\n  "Status": {"SystemUnit": {"ProductId": {"Value": "Cisco Room Kit"}}}\n  ,"ResultId": "%s"\n}\n' "$(tag "$line")"
      ;;
    *) printf 'Command not recognized.\n' ;;
  esac
done
