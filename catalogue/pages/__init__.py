"""What readers are shown: pages, lists, feeds and maps, each made from records and the words of its language."""
