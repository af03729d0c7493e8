# Run by a Linux guest from its shared folder, which is read-only.
cd /host || exit 1
cat greeting deep/er/file
ls -la . deep | awk '{ print $1, $NF }'
touch greeting 2>/dev/null && exit 1
echo x 2>/dev/null >new && exit 1
rm deep/er/file 2>/dev/null && exit 1
sha256sum program.sh greeting
exit 9
