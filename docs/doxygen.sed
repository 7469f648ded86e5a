# What Doxygen reads of a header (sed -E). Lines stay where they are, so that its messages name the right ones.
# Defaulted and deleted members and destructors are alike in every type and need no comment.
s/^.*= (default|delete);$//
s/^ *(virtual )?~[^;]*;$//
# Doxygen 1.9 takes the mark between digits for the begin of a character.
s/([0-9])'([0-9])/\1\2/g
